package io.balsa.server;

import io.balsa.bytes.ByteWriter;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Sha256;
import java.util.List;

/**
 * The ids of members and clusters. As in etcd, an id is the first eight bytes of a hash of settings
 * that all servers share; the hash is SHA-256 where etcd uses SHA-1.
 */
final class ServerIds {
  private ServerIds() {}

  /** A member's id, from its sorted peer URLs and the cluster's token; never 0. */
  static long member(List<String> sortedPeerUrls, String token) {
    return firstEight(Bytes.utf8(String.join("", sortedPeerUrls) + token));
  }

  /** A cluster's id, from the ids of its first members in ascending unsigned order; never 0. */
  static long cluster(List<Long> sortedIds) {
    ByteWriter ids = new ByteWriter(Long.BYTES * sortedIds.size());
    sortedIds.forEach(ids::fixed64);
    return firstEight(ids.done());
  }

  private static long firstEight(Bytes bytes) {
    long id = Sha256.of(bytes).buffer().getLong();
    return id == 0 ? 1 : id;
  }
}
