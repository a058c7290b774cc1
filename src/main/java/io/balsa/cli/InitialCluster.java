package io.balsa.cli;

import io.balsa.bytes.HostPort;
import io.balsa.model.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first members of a cluster, from etcd's {@code --initial-cluster}. Every server of the
 * cluster is told the same and so finds the same ids.
 *
 * @param clusterId the cluster's id
 * @param members its members, in ascending unsigned order of their ids
 */
record InitialCluster(long clusterId, List<Member> members) {
  private static final String FLAG = "--initial-cluster";

  /**
   * Reads {@code NAME=URL,NAME=URL,...}; a name may come several times, with a URL each.
   *
   * @param token what keeps clusters of the same addresses apart
   */
  static InitialCluster parse(String text, String token) {
    Map<String, List<String>> urls = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new BadInput(
            FLAG + ": '" + part.strip() + "' is not of the form NAME=http://HOST:PORT");
      }
      String name = part.substring(0, equals).strip();
      HostPort url = Urls.parse(FLAG, part.substring(equals + 1).strip());
      urls.computeIfAbsent(name, _ -> new ArrayList<>()).add(url.url());
    }
    return of(urls, token);
  }

  private static InitialCluster of(Map<String, List<String>> urlsByName, String token) {
    requireOnce(urlsByName.values().stream().flatMap(List::stream).toList());
    List<Member> members = new ArrayList<>();
    urlsByName.forEach(
        (name, urls) -> {
          List<String> sorted = urls.stream().sorted().toList();
          members.add(
              new Member(ServerIds.member(sorted, token), name, sorted, List.of(), false, 0));
        });
    members.sort(Comparator.comparing(Member::id, Long::compareUnsigned));
    List<Long> ids = members.stream().map(Member::id).toList();
    return new InitialCluster(ServerIds.cluster(ids), List.copyOf(members));
  }

  private static void requireOnce(List<String> urls) {
    List<String> seen = new ArrayList<>();
    for (String url : urls) {
      if (seen.contains(url)) {
        throw new BadInput(FLAG + ": " + url + " comes twice; each member has URLs of its own");
      }
      seen.add(url);
    }
  }

  /** The member of that name, which must have exactly these URLs, as etcd demands. */
  Member self(String name, List<HostPort> advertisedPeers) {
    Member self =
        members.stream()
            .filter(member -> member.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInput(
                        FLAG
                            + " has no member '"
                            + name
                            + "'; --name must be one of the names in it"));
    List<String> advertised = Urls.texts(advertisedPeers).stream().sorted().toList();
    if (!self.peerUrls().equals(advertised)) {
      throw new BadInput(
          "--initial-advertise-peer-urls is %s, but %s has %s for '%s'; they must be the same"
              .formatted(
                  String.join(",", advertised), FLAG, String.join(",", self.peerUrls()), name));
    }
    return self;
  }
}
