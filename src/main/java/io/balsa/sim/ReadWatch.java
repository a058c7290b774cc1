package io.balsa.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * Checks that a leader sends a read index only after a majority has confirmed its leadership since
 * the request (thesis 6.4). The majority consists of the leader, the follower that asks, and
 * servers that answered a heartbeat of a round that began after the request.
 */
final class ReadWatch {
  private record Question(long term, long from, long id) {}

  private record Round(long term, long number) {}

  private record Voice(long term, long server) {}

  private final World world;
  private final Map<Long, SimServer> servers;
  private final HashMap<Question, Long> asked = new HashMap<>();
  private final HashMap<Round, Long> begun = new HashMap<>();
  private final HashMap<Voice, Long> confirmed = new HashMap<>();

  ReadWatch(World world, Map<Long, SimServer> servers) {
    this.world = world;
    this.servers = servers;
  }

  /** A follower asks; of duplicates of a request, the first counts. */
  void asks(long from, long term, long id) {
    asked.putIfAbsent(new Question(term, from, id), world.now());
  }

  /** A leader begins a round, or sends it to another follower; 0 stands for no round. */
  void begins(long term, long round) {
    if (round != 0) {
      begun.putIfAbsent(new Round(term, round), world.now());
    }
  }

  /** A server confirms a round, and with it all earlier ones. */
  void confirms(long server, long term, long round) {
    confirmed.merge(new Voice(term, server), round, Math::max);
  }

  /** A leader sends a read index; a negative one means that it has none. */
  void tells(long leader, long to, long term, long id, long index) {
    Long since = asked.get(new Question(term, to, id));
    if (since == null || index < 0) {
      return;
    }
    int voices = 0;
    for (long server : servers.keySet()) {
      boolean speaks = server == leader || server == to || hasConfirmed(server, term, since);
      voices += speaks ? 1 : 0;
    }
    int heard = voices;
    world.expect(
        heard > servers.size() / 2,
        () ->
            "server "
                + leader
                + " tells server "
                + to
                + " a read index in term "
                + term
                + " on the word of "
                + heard);
  }

  private boolean hasConfirmed(long server, long term, long since) {
    Long round = confirmed.get(new Voice(term, server));
    Long at = round == null ? null : begun.get(new Round(term, round));
    return at != null && at >= since;
  }
}
