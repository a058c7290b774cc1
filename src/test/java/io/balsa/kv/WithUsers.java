package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Permission;
import io.balsa.model.Permission.Kind;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.model.WriteId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store in memory whose commands come from users. */
final class WithUsers {
  final Engine engine = new MemoryEngines(new MemoryMedium()).open("store");
  final List<EntryToApply> log = new ArrayList<>();
  private final StoreLimits limits;
  Store store;

  WithUsers() {
    this(StoreLimits.DEFAULT);
  }

  WithUsers(StoreLimits limits) {
    this.limits = limits;
    this.store = Store.open(engine, List.of(), limits);
  }

  void reopen() {
    store = Store.open(engine, List.of(), limits);
  }

  /** The identity of a user who is let in now; empty for a client without one. */
  Caller caller(String user) {
    long revision = store.auth().revision();
    return user.isEmpty() ? Caller.nobody(revision) : Caller.of(user, revision);
  }

  Result run(String user, Command command) {
    return run(caller(user), WriteId.NONE, command);
  }

  Result run(Caller caller, WriteId write, Command command) {
    return apply(List.of(entry(caller, write, command))).getFirst();
  }

  EntryToApply entry(Caller caller, WriteId write, Command command) {
    long index = log.size() + 1L;
    Envelope.RequestId request = new Envelope.RequestId(1, 1, index);
    EntryToApply entry = EntryToApply.of(index, 1, new Envelope(request, write, caller, command));
    log.add(entry);
    return entry;
  }

  List<Result> apply(List<EntryToApply> entries) {
    return store.apply(entries);
  }

  /** A command of the server itself, which must be done. */
  void done(Command command) {
    Result result = run(Caller.SERVER, WriteId.NONE, command);
    if (result instanceof Result.Refused) {
      throw new AssertionError(command + ": " + result);
    }
  }

  /** The error of a user's command; null when it was done. */
  @Nullable KvError error(String user, Command command) {
    return error(run(user, command));
  }

  static @Nullable KvError error(Result result) {
    return result instanceof Result.Refused refused ? refused.error() : null;
  }

  /** A user with a role of the same name. */
  void user(String name) {
    done(new Command.UserAdd(name, "hash of " + name, false));
    done(new Command.RoleAdd(name));
    done(new Command.UserGrantRole(name, name));
  }

  void permit(String user, Kind kind, String key, String rangeEnd) {
    Permission permission = new Permission(kind, bytes(key), bytes(rangeEnd));
    done(new Command.RoleGrantPermission(user, permission));
  }

  void enable() {
    done(new Command.UserAdd("root", "hash of root", false));
    done(new Command.UserGrantRole("root", "root"));
    done(new Command.AuthEnable());
  }

  static Bytes bytes(String text) {
    return Bytes.utf8(text);
  }

  static Command.Put put(String key, long lease) {
    return new Command.Put(bytes(key), bytes("v"), lease, false, false, false);
  }

  static Command.Put putPrev(String key) {
    return new Command.Put(bytes(key), bytes("v"), 0, true, false, false);
  }

  static Command.DeleteRange delete(String key, String rangeEnd, boolean prevKv) {
    return new Command.DeleteRange(bytes(key), bytes(rangeEnd), prevKv);
  }
}
