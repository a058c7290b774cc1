package io.balsa.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The ids of members and clusters, derived as etcd derives them but with SHA-256: the first eight
 * bytes of a hash of what all servers are told alike.
 */
final class ServerIds {
  private ServerIds() {}

  /** A member's id, from its sorted peer URLs and the cluster's token; never 0. */
  static long member(List<String> sortedPeerUrls, String token) {
    return firstEight((String.join("", sortedPeerUrls) + token).getBytes(UTF_8));
  }

  /** A cluster's id, from the ids of its first members in ascending unsigned order; never 0. */
  static long cluster(List<Long> sortedIds) {
    ByteBuffer ids = ByteBuffer.allocate(Long.BYTES * sortedIds.size());
    sortedIds.forEach(ids::putLong);
    return firstEight(ids.array());
  }

  private static long firstEight(byte[] text) {
    try {
      long id = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
      return id == 0 ? 1 : id;
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
