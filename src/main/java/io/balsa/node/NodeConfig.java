package io.balsa.node;

import io.balsa.duties.CompactionPolicy;
import io.balsa.model.Member;
import io.balsa.model.StoreLimits;
import io.balsa.raft.RaftConfig;
import io.balsa.watch.WatchLimits;
import java.util.List;

/**
 * How a server is configured. {@link #of} gives the defaults; each {@code with} method gives a copy
 * with one other field.
 *
 * @param clusterId the cluster's id, from the token and the first members; a server takes peer
 *     messages of this cluster only
 * @param server who this server is
 * @param members the first members of the cluster, this one among them; used only while the data
 *     directory is empty
 * @param raft the bounds of Raft
 * @param log how the log is kept
 * @param timeouts how long a server waits
 * @param space what may wait in memory and be stored on disk
 * @param compaction how much history to keep
 * @param limits what applying an entry may cost; the same on all servers of a cluster
 * @param watchLimits what watching may hold in memory here
 */
public record NodeConfig(
    long clusterId,
    Self server,
    List<Member> members,
    RaftConfig raft,
    Log log,
    Timeouts timeouts,
    Space space,
    CompactionPolicy compaction,
    StoreLimits limits,
    WatchLimits watchLimits) {
  private static final long SECOND = 1_000_000_000;

  /**
   * Who a server is.
   *
   * @param id its member id, not 0
   * @param name its name
   * @param clientUrls where clients reach it
   */
  public record Self(long id, String name, List<String> clientUrls) {}

  /**
   * How the log is kept.
   *
   * @param segmentBytes the length of a log segment
   * @param retainBytes how many bytes of applied log to keep for followers that lag
   * @param retainEntries how many applied entries to keep for followers that lag, etcd's {@code
   *     --snapshot-count}; the smaller of the two bounds counts
   */
  public record Log(int segmentBytes, long retainBytes, long retainEntries) {}

  /**
   * How long a server waits, in nanoseconds.
   *
   * @param requestNanos how long a request may take
   * @param stallNanos how long a force of the log may take before a leader gives up its leadership
   */
  public record Timeouts(long requestNanos, long stallNanos) {}

  /**
   * What may wait in memory and be stored on disk, in bytes.
   *
   * @param pendingBytesMax bytes of requests that may wait in this server
   * @param quotaBytes the store's quota, etcd's {@code --quota-backend-bytes}; 0 for none
   * @param diskReserveBytes free bytes of the disk below which puts are refused; 0 for {@link
   *     DiskReserve}'s own measure, less for none
   */
  public record Space(long pendingBytesMax, long quotaBytes, long diskReserveBytes) {}

  /**
   * The defaults. The log has segments of 16 MiB, and 128 MiB or a million entries of it are kept.
   * A request may take 7 s, and a force of the log 1 s. Requests of 32 MiB may wait. There is no
   * quota, no disk reserve and no compaction. The limits are those of a server with the default
   * heap.
   */
  public static NodeConfig of(long clusterId, Self server, List<Member> members) {
    return new NodeConfig(
        clusterId,
        server,
        members,
        RaftConfig.defaults(server.id()),
        new Log(16 << 20, 128 << 20, 1_000_000),
        new Timeouts(7 * SECOND, SECOND),
        new Space(32 << 20, 0, DiskReserve.NONE),
        CompactionPolicy.OFF,
        StoreLimits.DEFAULT,
        WatchLimits.DEFAULT);
  }

  /** The same with other bounds of Raft. */
  public NodeConfig withRaft(RaftConfig other) {
    return new NodeConfig(
        clusterId, server, members, other, log, timeouts, space, compaction, limits, watchLimits);
  }

  /** The same with log segments of another length. */
  public NodeConfig withSegmentBytes(int bytes) {
    return with(new Log(bytes, log.retainBytes, log.retainEntries));
  }

  /** The same with other bytes of applied log to keep. */
  public NodeConfig withRetainBytes(long bytes) {
    return with(new Log(log.segmentBytes, bytes, log.retainEntries));
  }

  /** The same with another number of applied entries to keep. */
  public NodeConfig withRetainEntries(long entries) {
    return with(new Log(log.segmentBytes, log.retainBytes, entries));
  }

  /** The same with another time for a request. */
  public NodeConfig withRequestTimeout(long nanos) {
    return with(new Timeouts(nanos, timeouts.stallNanos));
  }

  /** The same with another time for a force of the log. */
  public NodeConfig withStall(long nanos) {
    return with(new Timeouts(timeouts.requestNanos, nanos));
  }

  /** The same with another bound for the requests that wait. */
  public NodeConfig withPendingBytes(long bytesMax) {
    return with(new Space(bytesMax, space.quotaBytes, space.diskReserveBytes));
  }

  /** The same with another quota; 0 for none. */
  public NodeConfig withQuota(long bytes) {
    return with(new Space(space.pendingBytesMax, bytes, space.diskReserveBytes));
  }

  /** The same with other URLs for clients. */
  public NodeConfig withClientUrls(List<String> urls) {
    return new NodeConfig(
        clusterId,
        new Self(server.id, server.name, urls),
        members,
        raft,
        log,
        timeouts,
        space,
        compaction,
        limits,
        watchLimits);
  }

  /** The same with another disk reserve, as {@link Space#diskReserveBytes}. */
  public NodeConfig withDiskReserve(long bytes) {
    return with(new Space(space.pendingBytesMax, space.quotaBytes, bytes));
  }

  /** The same with another policy for compaction. */
  public NodeConfig withCompaction(CompactionPolicy other) {
    return new NodeConfig(
        clusterId, server, members, raft, log, timeouts, space, other, limits, watchLimits);
  }

  /** The same with other limits for applying. */
  public NodeConfig withLimits(StoreLimits other) {
    return new NodeConfig(
        clusterId, server, members, raft, log, timeouts, space, compaction, other, watchLimits);
  }

  /** The same with other bounds for watching. */
  public NodeConfig withWatchLimits(WatchLimits others) {
    return new NodeConfig(
        clusterId, server, members, raft, log, timeouts, space, compaction, limits, others);
  }

  private NodeConfig with(Log other) {
    return new NodeConfig(
        clusterId, server, members, raft, other, timeouts, space, compaction, limits, watchLimits);
  }

  private NodeConfig with(Timeouts others) {
    return new NodeConfig(
        clusterId, server, members, raft, log, others, space, compaction, limits, watchLimits);
  }

  private NodeConfig with(Space other) {
    return new NodeConfig(
        clusterId, server, members, raft, log, timeouts, other, compaction, limits, watchLimits);
  }

  /** This server's member id. */
  public long self() {
    return server.id;
  }

  /** This server's name. */
  public String name() {
    return server.name;
  }

  /** Where clients reach this server. */
  public List<String> clientUrls() {
    return server.clientUrls;
  }

  /** As {@link Log#segmentBytes}. */
  public int segmentBytes() {
    return log.segmentBytes;
  }

  /** As {@link Log#retainBytes}. */
  public long retainBytes() {
    return log.retainBytes;
  }

  /** As {@link Log#retainEntries}. */
  public long retainEntries() {
    return log.retainEntries;
  }

  /** As {@link Timeouts#requestNanos}. */
  public long requestTimeoutNanos() {
    return timeouts.requestNanos;
  }

  /** As {@link Timeouts#stallNanos}. */
  public long stallNanos() {
    return timeouts.stallNanos;
  }

  /** As {@link Space#pendingBytesMax}. */
  public long pendingBytesMax() {
    return space.pendingBytesMax;
  }

  /** As {@link Space#quotaBytes}. */
  public long quotaBytes() {
    return space.quotaBytes;
  }

  /** As {@link Space#diskReserveBytes}. */
  public long diskReserveBytes() {
    return space.diskReserveBytes;
  }
}
