/**
 * What addpart(8) does, which Debian 13 no longer has: partx(8) adds only what a table on the disk says, and a disk that
 * is being written has none. perl-base is essential in Debian and Ubuntu.
 */

/**
 * A program for `perl -e` with addpart's arguments: disk, number, first sector and count in units of 512 bytes. It has no
 * single quotes. linux/blkpg.h: ioctl BLKPG (0x1269), operation BLKPG_ADD_PARTITION (1), a struct blkpg_partition.
 */
export const ADD_PARTITION = [
  'my ($disk, $number, $start, $count) = @ARGV;',
  'open(my $file, "<", $disk) or die "$disk: $!\\n";',
  'my $partition = pack("q2 i a64 a64 x4", $start * 512, $count * 512, $number, "", "");',
  'ioctl($file, 0x1269, pack("i3 x4 P", 1, 0, length($partition), $partition))',
  'or die "$disk: adding partition $number: $!\\n";',
].join(' ');
