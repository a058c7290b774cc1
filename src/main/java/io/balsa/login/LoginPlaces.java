package io.balsa.login;

import io.balsa.login.LoginDelays.Who;
import java.util.HashMap;
import java.util.Map;

/**
 * Places for logins that wait, so that neither a source nor a client of a proxy shuts out the
 * others. A source has 16, and half of them for one user. Many clients share a proxy, so the calls
 * that pass one have 32, and a quarter of them for one client.
 *
 * <p>A program can say that it is a proxy. It gets some more places for that, but not all of them.
 */
final class LoginPlaces {
  private static final int OF_SOURCE_MAX = 16;
  private static final int OF_PROXY_MAX = 32;
  private static final int OF_PART_MAX = 8;

  private final Map<Place, Integer> taken = new HashMap<>();

  /**
   * What is counted.
   *
   * @param part a user, or a client of a proxy; empty for the whole source
   */
  private record Place(String source, boolean proxy, String part) {}

  private static Place whole(Who who) {
    return new Place(who.source(), who.isOfProxy(), "");
  }

  private static Place part(Who who) {
    String part = who.isOfProxy() ? who.client() : " " + who.user();
    return new Place(who.source(), who.isOfProxy(), part);
  }

  /** Takes a place; false when there is none. */
  synchronized boolean take(Who who) {
    int most = who.isOfProxy() ? OF_PROXY_MAX : OF_SOURCE_MAX;
    boolean free =
        taken.getOrDefault(whole(who), 0) < most && taken.getOrDefault(part(who), 0) < OF_PART_MAX;
    if (free) {
      taken.merge(whole(who), 1, Integer::sum);
      taken.merge(part(who), 1, Integer::sum);
    }
    return free;
  }

  /** Gives a place back. */
  synchronized void leave(Who who) {
    leave(whole(who));
    leave(part(who));
  }

  private void leave(Place place) {
    taken.computeIfPresent(place, (_, count) -> count > 1 ? count - 1 : null);
  }
}
