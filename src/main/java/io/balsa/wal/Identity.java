package io.balsa.wal;

/**
 * The server that a log belongs to.
 *
 * @param clusterId the cluster
 * @param member the member's id
 * @param disk a random number made once with the log, so that an emptied disk is noticed
 * @param boot how often the log has been opened, from 1 on; never the same twice
 */
public record Identity(long clusterId, long member, long disk, long boot) {
  Identity withBoot(long number) {
    return new Identity(clusterId, member, disk, number);
  }
}
