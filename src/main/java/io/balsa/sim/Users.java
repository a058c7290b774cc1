package io.balsa.sim;

import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clients that are users, in half of all runs, while one more client changes users, roles and
 * permissions. All other clients act as the server itself. The users have their own random numbers,
 * so that the other clients behave the same without them.
 */
final class Users {
  /** The name that switches them off with {@code --without}. */
  static final String NAME = "USERS";

  private static final long MILLISECOND = 1_000_000;
  private static final long OWN = 0x0A07_5E12L;
  private static final long LEASES = 9_000_000;
  private static final int CLIENTS_MAX = 3;
  private static final int HELD_MAX = 3;

  private final World world;
  private final SimDice dice;
  private final UserCalls calls;
  private final UserRequests requests;
  private final RightsWatch rights;
  private final int clients;
  private final long pauseNanos;
  private final long changeNanos;
  private final Map<String, Caller> logins = new TreeMap<>();
  private final Deque<Command> first;
  private final List<Long> leases = new ArrayList<>();
  private long granted;
  private boolean enough;

  Users(World world, List<SimServer> servers, SimOptions options, long seed) {
    this.world = world;
    this.dice = new SimDice(seed ^ OWN);
    this.calls = new UserCalls(world, servers, dice.split());
    this.requests = new UserRequests(dice.split());
    this.rights = new RightsWatch(world, servers);
    int drawn = dice.chance(0.5) ? 1 + dice.below(CLIENTS_MAX) : 0;
    this.clients = options.without().contains(NAME) ? 0 : drawn;
    this.pauseNanos = (long) dice.logUniform(50 * MILLISECOND, 500 * MILLISECOND);
    this.changeNanos = (long) dice.logUniform(50 * MILLISECOND, 1_000 * MILLISECOND);
    this.first = new ArrayDeque<>(requests.first());
  }

  void begin() {
    for (int i = 0; i < clients; i++) {
      world.at(world.now() + 500 * MILLISECOND, "user", this::step);
    }
    if (clients > 0) {
      world.at(world.now() + 500 * MILLISECOND, "changes users", this::change);
      rights.begin();
    }
  }

  /** From now on, requests go to these servers only. */
  void ask(List<SimServer> core) {
    calls.ask(core);
  }

  /** No client sends requests any more, except those that end its leases. */
  void enough() {
    if (!enough) {
      enough = true;
      endLeases();
    }
  }

  /** A lease whose grant is under way ends after that. */
  private void endLeases() {
    if (calls.open() > 0) {
      world.at(world.now() + 100 * MILLISECOND, "users end leases", this::endLeases);
    } else {
      List.copyOf(leases).forEach(this::end);
    }
  }

  private void end(long lease) {
    calls.ask(
        new UserCall.Change(new Command.LeaseRevoke(lease)),
        Caller.SERVER,
        asked -> {
          if (asked.ending == CallRecord.Ending.ANSWERED) {
            leases.remove(lease);
          } else {
            world.at(world.now() + 100 * MILLISECOND, "user ends a lease", () -> end(lease));
          }
        });
  }

  /** The number of calls without an answer, and of leases that must end. */
  int open() {
    return calls.open() + (enough ? leases.size() : 0);
  }

  private void change() {
    if (enough) {
      return;
    }
    Command begins = first.poll();
    Command next = begins == null ? requests.change() : begins;
    int kind = dice.below(10);
    String user = kind < 8 ? UserRequests.ROOT : dice.pick(UserRequests.USERS);
    Caller caller = begins != null || kind < 6 ? Caller.SERVER : callerOf(user);
    long pause = begins == null ? dice.exponential(changeNanos) : MILLISECOND;
    calls.ask(
        new UserCall.Change(next),
        caller,
        _ -> world.at(world.now() + 1 + pause, "changes users", this::change));
  }

  /** An earlier login of a user is kept for a while, as with a request that is under way. */
  private Caller callerOf(String user) {
    @Nullable Caller before = logins.get(user);
    if (before != null && dice.chance(0.7)) {
      return before;
    }
    Caller now = calls.login(user, before);
    logins.put(user, now);
    return now;
  }

  private void step() {
    if (enough) {
      return;
    }
    String user = dice.chance(0.9) ? dice.pick(UserRequests.USERS) : UserRequests.ROOT;
    Caller caller = dice.chance(0.02) ? calls.login("", null) : callerOf(user);
    calls.ask(
        request(),
        caller,
        asked -> {
          learn(user, asked);
          long pause = 1 + dice.exponential(pauseNanos);
          world.at(world.now() + pause, "user", this::step);
        });
  }

  private UserCall request() {
    int kind = dice.below(20);
    if (kind < 7) {
      return new UserCall.Look(requests.range(), dice.chance(0.7));
    } else if (kind == 7 && leases.size() < HELD_MAX) {
      granted++;
      leases.add(LEASES + granted);
      return new UserCall.Change(new Command.LeaseGrant(LEASES + granted, 2 + dice.below(10)));
    } else if (kind == 8 && !leases.isEmpty()) {
      return new UserCall.Change(new Command.LeaseRevoke(dice.pick(leases)));
    }
    long lease = !leases.isEmpty() && dice.chance(0.4) ? dice.pick(leases) : 0;
    return new UserCall.Change(requests.write(lease));
  }

  private void learn(String user, UserCallRecord asked) {
    if (asked.result instanceof Result.Refused(_, KvError error)
        && error == KvError.AUTH_OLD_REVISION
        && dice.chance(0.5)) {
      logins.remove(user);
    }
    boolean gone =
        asked.result instanceof Result.Done
            || (asked.result instanceof Result.Refused(_, KvError why)
                && why == KvError.LEASE_NOT_FOUND);
    if (gone && asked.call instanceof UserCall.Change(Command.LeaseRevoke(long lease))) {
      leases.remove(lease);
    }
  }

  /** The rights of all servers, and the answers that users got. */
  void judge(UserWitness witness, List<SimServer> core) {
    if (clients > 0) {
      rights.look(core);
      witness.hold(calls.asked());
      rights.hold(witness);
    }
  }
}
