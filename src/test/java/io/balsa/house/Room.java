package io.balsa.house;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The rooms in their order: which others each may use, and whose libraries it may touch. */
enum Room {
  BYTES(List.of(), Library.DIGESTS),
  RAFT(List.of(BYTES)),
  LOGGING(List.of(), Library.JSON),
  ENGINE(List.of(BYTES, LOGGING), Library.ROCKS),
  MODEL(List.of(BYTES)),
  AUTH(List.of(BYTES, MODEL)),
  ROWS(List.of(BYTES, ENGINE, MODEL)),
  KV(List.of(BYTES, ENGINE, MODEL, AUTH, ROWS)),
  WATCH(List.of(BYTES, ENGINE, MODEL, AUTH, ROWS, KV)),
  DUTIES(List.of(BYTES, MODEL)),
  ROUTING(List.of(BYTES)),
  QUEUE(List.of(BYTES)),
  WIRE(List.of(BYTES, RAFT, MODEL)),
  TLS(List.of(), Library.GRPC),
  CERTS(List.of(), Library.CERTIFICATES),
  RPC(List.of(BYTES, TLS), Library.GRPC),
  LOGIN(List.of(BYTES), Library.CERTIFICATES, Library.TOKENS),
  HOST(List.of(BYTES, TLS, LOGGING, RPC), Library.GRPC),
  WAL(List.of(BYTES, RAFT, HOST)),
  LANES(List.of(MODEL, LOGGING, HOST)),
  BACKUPS(List.of(BYTES, RAFT, WIRE, HOST)),
  NODE_STORAGE(List.of(BYTES, RAFT, ENGINE, MODEL, KV, HOST)),
  NODE_WRITES(List.of(BYTES, RAFT, MODEL, WIRE, HOST, WAL, LANES)),
  NODE_APPLY(
      List.of(
          BYTES,
          RAFT,
          ENGINE,
          MODEL,
          AUTH,
          ROWS,
          KV,
          WIRE,
          HOST,
          WAL,
          LANES,
          NODE_STORAGE,
          NODE_WRITES)),
  NODE_SNAPSHOTS(
      List.of(BYTES, RAFT, WIRE, LOGGING, HOST, WAL, LANES, BACKUPS, NODE_STORAGE, NODE_APPLY)),
  NODE_READS(
      List.of(
          BYTES, RAFT, ENGINE, MODEL, AUTH, KV, LOGGING, HOST, LANES, NODE_STORAGE, NODE_APPLY)),
  NODE_WATCHES(List.of(MODEL, AUTH, WATCH, LOGGING, HOST, LANES, NODE_APPLY, NODE_READS)),
  NODE_LEASES(
      List.of(BYTES, RAFT, MODEL, AUTH, KV, DUTIES, WIRE, HOST, LANES, NODE_APPLY, NODE_READS)),
  NODE_PEERS(List.of(BYTES, RAFT, MODEL, WIRE, LOGGING, HOST, WAL, LANES)),
  NODE(
      List.of(
          BYTES,
          RAFT,
          ENGINE,
          MODEL,
          AUTH,
          ROWS,
          KV,
          WATCH,
          DUTIES,
          WIRE,
          LOGGING,
          HOST,
          WAL,
          LANES,
          BACKUPS,
          NODE_STORAGE,
          NODE_WRITES,
          NODE_APPLY,
          NODE_SNAPSHOTS,
          NODE_READS,
          NODE_WATCHES,
          NODE_LEASES,
          NODE_PEERS)),
  ERRORS(List.of(MODEL, LANES, RPC), Library.GRPC),
  AUDIT(List.of(BYTES, LOGGING), Library.JSON),
  ACCESS(
      List.of(BYTES, LOGGING, RPC, MODEL, AUTH, LOGIN, AUDIT, LANES, NODE, ERRORS),
      Library.GRPC,
      Library.PROTO),
  BUDGET(List.of(BYTES), Library.GRPC, Library.METRICS),
  FRAMES(List.of(), Library.GRPC),
  FRONT(
      List.of(BYTES, TLS, LOGGING, RPC, BUDGET, FRAMES),
      Library.GRPC,
      Library.PROTO,
      Library.METRICS,
      Library.JSON),
  API(
      List.of(
          BYTES, TLS, QUEUE, RPC, MODEL, AUTH, LOGIN, WATCH, LOGGING, LANES, BACKUPS, NODE, ERRORS,
          AUDIT, ACCESS, BUDGET, FRONT),
      Library.GRPC,
      Library.PROTO,
      Library.METRICS),
  SERVER(
      List.of(
          BYTES, TLS, CERTS, RAFT, ENGINE, MODEL, WATCH, DUTIES, WIRE, LOGGING, HOST, BACKUPS, NODE,
          ACCESS, LOGIN, AUDIT, FRONT, API)),
  CLIENT(List.of(BYTES, TLS, RPC, ROUTING, QUEUE), Library.GRPC, Library.PROTO),
  PROXY(
      List.of(BYTES, TLS, RPC, ROUTING, LOGGING, BUDGET, FRONT, CLIENT),
      Library.GRPC,
      Library.PROTO,
      Library.METRICS),
  SYSTEMD(List.of(LOGGING)),
  CHECK(List.of(BYTES)),
  SIM(
      List.of(
          BYTES, RAFT, ENGINE, MODEL, AUTH, WATCH, DUTIES, WIRE, HOST, WAL, LANES, NODE, CHECK)),
  MUTANTS(List.of(SIM)),
  ATTACK(List.of(BYTES), Library.GRPC, Library.PROTO, Library.JSON),
  REPORT(List.of(), Library.JSON, Library.TERMINAL),
  PROCESSES(List.of(BYTES, TLS, CERTS, CLIENT), Library.PROTO),
  VERIFY(List.of(BYTES, CLIENT, CHECK, REPORT, PROCESSES), Library.PROTO),
  BENCH(List.of(BYTES, CLIENT, REPORT, PROCESSES), Library.PROTO, Library.HISTOGRAM, Library.JSON),
  DRILL(
      List.of(BYTES, CLIENT, CHECK, ATTACK, REPORT, PROCESSES, VERIFY),
      Library.PROTO,
      Library.HISTOGRAM),
  FORMS(List.of(REPORT), Library.PROTO, Library.JSON),
  CTL(
      List.of(BYTES, TLS, SERVER, CLIENT, REPORT, FORMS),
      Library.PROTO,
      Library.JSON,
      Library.TERMINAL),
  CTL_CLUSTER(
      List.of(BYTES, SERVER, CLIENT, REPORT, FORMS, CTL),
      Library.PROTO,
      Library.JSON,
      Library.TERMINAL),
  CTL_AUTH(List.of(RPC, CLIENT, FORMS, CTL), Library.PROTO, Library.TERMINAL),
  CTL_KV(List.of(BYTES, CLIENT, FORMS, CTL), Library.PROTO, Library.TERMINAL),
  CTL_LEASE(List.of(CLIENT, FORMS, CTL), Library.PROTO, Library.TERMINAL),
  CLI_SETTINGS(
      List.of(BYTES, TLS, LOGGING, LOGIN, AUDIT, ACCESS, FRONT, SERVER, CTL),
      Library.JSON,
      Library.YAML,
      Library.TERMINAL),
  CLI(
      List.of(
          BYTES,
          TLS,
          ROUTING,
          LOGGING,
          HOST,
          AUDIT,
          FRONT,
          SERVER,
          CERTS,
          CLIENT,
          PROXY,
          SYSTEMD,
          CHECK,
          SIM,
          MUTANTS,
          ATTACK,
          REPORT,
          PROCESSES,
          VERIFY,
          BENCH,
          DRILL,
          FORMS,
          CTL,
          CTL_CLUSTER,
          CTL_AUTH,
          CTL_KV,
          CTL_LEASE,
          CLI_SETTINGS),
      Library.PROTO,
      Library.HISTOGRAM,
      Library.JSON,
      Library.YAML,
      Library.TERMINAL);

  /** Equal inputs give equal outputs, in every JVM. */
  static final List<Room> CORE =
      List.of(BYTES, RAFT, MODEL, AUTH, ROWS, KV, WATCH, DUTIES, ROUTING, QUEUE);

  /** A node and its parts; nothing else may name the parts. */
  static final List<Room> NODE_AND_PARTS =
      Arrays.stream(values()).filter(room -> room.name().startsWith("NODE")).toList();

  /** What the simulated world runs on one seed, itself included. */
  static final List<Room> SIMULATED =
      Stream.of(CORE, List.of(WIRE, WAL, LANES, BACKUPS), NODE_AND_PARTS, List.of(SIM))
          .flatMap(List::stream)
          .toList();

  private final List<Room> uses;
  private final Library[] libraries;

  Room(List<Room> uses, Library... libraries) {
    this.uses = uses;
    this.libraries = libraries;
  }

  /** What is delivered as one: nothing in an earlier one may point to a later one. */
  enum Artifact {
    CLIENT,
    SERVER,
    PROGRAM
  }

  Artifact artifact() {
    return switch (this) {
      case BYTES, TLS, RPC, ROUTING, QUEUE, CERTS, CLIENT -> Artifact.CLIENT;
      case SYSTEMD,
          CHECK,
          SIM,
          MUTANTS,
          ATTACK,
          REPORT,
          PROCESSES,
          VERIFY,
          BENCH,
          DRILL,
          FORMS,
          CTL,
          CTL_CLUSTER,
          CTL_AUTH,
          CTL_KV,
          CTL_LEASE,
          CLI_SETTINGS,
          CLI ->
          Artifact.PROGRAM;
      default -> Artifact.SERVER;
    };
  }

  List<Room> uses() {
    return uses;
  }

  String in(String house) {
    return house + "." + name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  static String[] in(String house, List<Room> rooms) {
    return rooms.stream().map(room -> room.in(house)).toArray(String[]::new);
  }

  /** The packages that a class of this room may name. */
  String[] mayName(String house) {
    List<String> packages = new ArrayList<>(List.of(in(house)));
    packages.addAll(Arrays.asList(in(house, uses)));
    packages.addAll(Library.MARKS.packages);
    packages.addAll((CORE.contains(this) || this == WIRE ? Library.PURE : Library.JDK).packages);
    for (Library library : libraries) {
      packages.addAll(library.packages);
    }
    return packages.toArray(String[]::new);
  }

  private enum Library {
    JDK("java..", "javax.."),
    /** The part of the JDK that neither waits nor looks around. */
    PURE(
        "java.lang",
        "java.lang.annotation",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.math",
        "java.nio",
        "java.nio.charset",
        "java.util",
        "java.util.function",
        "java.util.stream",
        "java.util.zip"),
    DIGESTS("java.security"),
    MARKS("org.jspecify.annotations", "com.google.errorprone.annotations"),
    ROCKS("org.rocksdb.."),
    GRPC("io.grpc..", "io.netty.."),
    PROTO("io.balsa.proto..", "com.google.protobuf.."),
    METRICS("io.prometheus.."),
    JSON("com.google.gson.."),
    HISTOGRAM("org.HdrHistogram.."),
    CERTIFICATES("org.bouncycastle.."),
    YAML("org.snakeyaml.."),
    /** Signed tokens. */
    TOKENS("io.jsonwebtoken.."),
    TERMINAL("picocli..", "org.jline..");

    private final List<String> packages;

    Library(String... packages) {
      this.packages = List.of(packages);
    }
  }
}
