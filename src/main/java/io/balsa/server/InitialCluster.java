package io.balsa.server;

import io.balsa.bytes.HostPort;
import io.balsa.model.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The first members of a cluster, etcd's {@code --initial-cluster}. Every server of the cluster
 * gets the same ones, so every server derives the same ids.
 *
 * @param clusterId the cluster's id
 * @param members its members, in ascending unsigned order of their ids
 */
record InitialCluster(long clusterId, List<Member> members) {
  private static final String FLAG = "--initial-cluster";

  /**
   * Derives the ids.
   *
   * @param peers the peer addresses of each member, by the member's name
   * @param token keeps clusters at the same addresses apart
   */
  static InitialCluster of(Map<String, List<HostPort>> peers, String token) {
    requireOnce(peers.values().stream().flatMap(List::stream).toList());
    List<Member> members = new ArrayList<>();
    new TreeMap<>(peers)
        .forEach(
            (name, addresses) -> {
              List<String> sorted = sortedUrls(addresses);
              long id = ServerIds.member(sorted, token);
              members.add(new Member(id, name, sorted, List.of(), false, 0));
            });
    members.sort(Comparator.comparing(Member::id, Long::compareUnsigned));
    List<Long> ids = members.stream().map(Member::id).toList();
    return new InitialCluster(ServerIds.cluster(ids), List.copyOf(members));
  }

  private static void requireOnce(List<HostPort> addresses) {
    Set<HostPort> seen = new HashSet<>();
    for (HostPort address : addresses) {
      if (!seen.add(address)) {
        throw new BadSettings(
            FLAG + ": " + address.url() + " comes twice; each member has URLs of its own");
      }
    }
  }

  /** The member of that name, which must have exactly these peer addresses, as etcd demands. */
  Member self(String name, List<HostPort> advertisedPeers) {
    Member self =
        members.stream()
            .filter(member -> member.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadSettings(
                        FLAG
                            + " has no member '"
                            + name
                            + "'; --name must be one of the names in it"));
    List<String> advertised = sortedUrls(advertisedPeers);
    if (!self.peerUrls().equals(advertised)) {
      throw new BadSettings(
          "--initial-advertise-peer-urls is %s, but %s has %s for '%s'; they must be the same"
              .formatted(
                  String.join(",", advertised), FLAG, String.join(",", self.peerUrls()), name));
    }
    return self;
  }

  private static List<String> sortedUrls(List<HostPort> addresses) {
    return addresses.stream().map(HostPort::url).sorted().toList();
  }
}
