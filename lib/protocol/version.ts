/** The versions of what server, engines and operators say to each other (docs/design/protocol.md), and where they meet. */

/**
 * Operators' programs and server must have the same; it is checked by the first call of a connection. 3: task.create makes
 * every task, and inventory.watch is what room.watch was.
 */
export const OPERATOR_PROTOCOL_VERSION = 3;
/**
 * What engines and agents say. 3: the description of a captured image goes over the data channel. 4: logon says which
 * kind of worker it is, the server may tell a worker to restart its host, titles and notes of steps are messages, and a
 * plan says how it leaves the host.
 */
export const ENGINE_PROTOCOL_VERSION = 4;
/** From this version on, a worker restarts its host when it is told to. */
export const RESTARTS_SINCE_VERSION = 4;
/** From this version on, an engine sends what it captured in any length. */
export const LONG_DESCRIPTIONS_SINCE_VERSION = 3;
/** Of engines that the server serves: older ones are on hosts that run while it is upgraded. */
export const SERVED_ENGINE_VERSIONS: readonly number[] = [2, 3, ENGINE_PROTOCOL_VERSION];
/** Of the text at the beginning of a session's stream: engines of all served versions read it. */
export const SESSION_STREAM_VERSION = 2;
/** The program's own version, as `openclone --version` prints it. */
export const PROGRAM_VERSION = '0.3.0';

/** WebSocket path for engines (TLS, authenticated by the server's certificate). */
export const ENGINE_PATH = '/engine';
/** WebSocket path for operators (unix socket). */
export const OPERATOR_PATH = '/operator';
/** HTTPS path below which a run's image data moves: `/runs/RUN/streams/NAME` and `/runs/RUN/session`. */
export const DATA_PATH = '/runs/';
/** Header that carries the run token on the data channel: never in a URL, which logs would keep. */
export const TOKEN_HEADER = 'x-openclone-run-token';
/** Where the server listens for engines unless told otherwise. */
export const DEFAULT_ENGINE_PORT = 7077;
/** Where the server listens for operators unless told otherwise. */
export const DEFAULT_SOCKET = '/run/openclone/server.sock';
