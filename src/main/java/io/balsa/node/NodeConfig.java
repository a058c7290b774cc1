package io.balsa.node;

import io.balsa.duties.CompactionPolicy;
import io.balsa.model.Member;
import io.balsa.model.StoreLimits;
import io.balsa.raft.RaftConfig;
import io.balsa.watch.WatchLimits;
import java.util.List;

/**
 * What a server is told at its start.
 *
 * @param clusterId the cluster's id, from the token and the first members; every peer message is
 *     held against it
 * @param self this server's member id
 * @param name this server's name
 * @param clientUrls where clients reach it
 * @param members the first members of the cluster, this one among them; used only while the data
 *     directory is empty
 * @param raft the bounds of Raft
 * @param segmentBytes the length of a log segment
 * @param retainBytes how many bytes of applied log to keep for followers that lag
 * @param retainEntries how many applied entries to keep for followers that lag, etcd's {@code
 *     --snapshot-count}; the smaller of the two bounds counts
 * @param pendingBytesMax bytes of requests that may wait in this server
 * @param requestTimeoutNanos how long a request may take
 * @param stallNanos how long a force of the log may take before a leader gives up its leadership
 * @param quotaBytes the store's quota, etcd's {@code --quota-backend-bytes}; 0 for none
 * @param compaction how much history to keep
 * @param limits what applying an entry may cost; the same on all servers of a cluster
 * @param watchLimits what watching may hold in memory here
 * @param diskReserveBytes free bytes of the disk below which puts are refused; 0 for {@link
 *     DiskReserve}'s own measure, less for none
 */
public record NodeConfig(
    long clusterId,
    long self,
    String name,
    List<String> clientUrls,
    List<Member> members,
    RaftConfig raft,
    int segmentBytes,
    long retainBytes,
    long retainEntries,
    long pendingBytesMax,
    long requestTimeoutNanos,
    long stallNanos,
    long quotaBytes,
    CompactionPolicy compaction,
    StoreLimits limits,
    WatchLimits watchLimits,
    long diskReserveBytes) {
  /** With the bounds of a server with the default heap, on a disk whose room nobody looks at. */
  public NodeConfig(
      long clusterId,
      long self,
      String name,
      List<String> clientUrls,
      List<Member> members,
      RaftConfig raft,
      int segmentBytes,
      long retainBytes,
      long retainEntries,
      long pendingBytesMax,
      long requestTimeoutNanos,
      long stallNanos,
      long quotaBytes,
      CompactionPolicy compaction,
      StoreLimits limits) {
    this(
        clusterId,
        self,
        name,
        clientUrls,
        members,
        raft,
        segmentBytes,
        retainBytes,
        retainEntries,
        pendingBytesMax,
        requestTimeoutNanos,
        stallNanos,
        quotaBytes,
        compaction,
        limits,
        WatchLimits.DEFAULT,
        DiskReserve.NONE);
  }

  /** With the limits of every cluster, and the bounds of a server with the default heap. */
  public NodeConfig(
      long clusterId,
      long self,
      String name,
      List<String> clientUrls,
      List<Member> members,
      RaftConfig raft,
      int segmentBytes,
      long retainBytes,
      long retainEntries,
      long pendingBytesMax,
      long requestTimeoutNanos,
      long stallNanos,
      long quotaBytes,
      CompactionPolicy compaction) {
    this(
        clusterId,
        self,
        name,
        clientUrls,
        members,
        raft,
        segmentBytes,
        retainBytes,
        retainEntries,
        pendingBytesMax,
        requestTimeoutNanos,
        stallNanos,
        quotaBytes,
        compaction,
        StoreLimits.DEFAULT);
  }

  /** The same with other bounds for watching. */
  public NodeConfig with(WatchLimits others) {
    return new NodeConfig(
        clusterId,
        self,
        name,
        clientUrls,
        members,
        raft,
        segmentBytes,
        retainBytes,
        retainEntries,
        pendingBytesMax,
        requestTimeoutNanos,
        stallNanos,
        quotaBytes,
        compaction,
        limits,
        others,
        diskReserveBytes);
  }

  /** The same with another measure of free disk. */
  public NodeConfig withDiskReserve(long bytes) {
    return new NodeConfig(
        clusterId,
        self,
        name,
        clientUrls,
        members,
        raft,
        segmentBytes,
        retainBytes,
        retainEntries,
        pendingBytesMax,
        requestTimeoutNanos,
        stallNanos,
        quotaBytes,
        compaction,
        limits,
        watchLimits,
        bytes);
  }
}
