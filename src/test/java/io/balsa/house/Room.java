package io.balsa.house;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The rooms in their order: which others each may use, and whose libraries it may touch. */
enum Room {
  BYTES(List.of()),
  RAFT(List.of(BYTES)),
  ENGINE(List.of(BYTES), Library.ROCKS),
  KV(List.of(BYTES, ENGINE)),
  DUTIES(List.of(BYTES, KV)),
  ROUTING(List.of(BYTES)),
  WIRE(List.of(BYTES, RAFT, KV)),
  HOST(List.of(BYTES), Library.GRPC),
  WAL(List.of(BYTES, RAFT, WIRE, HOST)),
  NODE(List.of(BYTES, RAFT, ENGINE, KV, DUTIES, ROUTING, WIRE, HOST, WAL)),
  FRONT(List.of(BYTES), Library.GRPC, Library.PROTO, Library.METRICS),
  API(List.of(BYTES, KV, NODE, FRONT), Library.GRPC, Library.PROTO, Library.METRICS),
  CLIENT(List.of(BYTES, ROUTING), Library.GRPC, Library.PROTO),
  PROXY(List.of(BYTES, ROUTING, FRONT, CLIENT), Library.GRPC, Library.PROTO, Library.METRICS),
  CHECK(List.of(BYTES)),
  SIM(List.of(BYTES, RAFT, ENGINE, KV, DUTIES, ROUTING, WIRE, HOST, WAL, NODE, CHECK)),
  MUTANTS(List.of(SIM)),
  ATTACK(List.of(BYTES), Library.GRPC, Library.PROTO),
  DRILL(List.of(BYTES, CLIENT, CHECK, ATTACK), Library.PROTO, Library.HISTOGRAM),
  CLI(
      List.of(
          BYTES, RAFT, ENGINE, KV, DUTIES, ROUTING, WIRE, HOST, WAL, NODE, FRONT, API, CLIENT,
          PROXY, CHECK, SIM, MUTANTS, ATTACK, DRILL),
      Library.PROTO,
      Library.HISTOGRAM,
      Library.TERMINAL);

  /** Equal inputs give equal outputs, in every JVM. */
  static final List<Room> CORE = List.of(BYTES, RAFT, KV, DUTIES, ROUTING);

  /** What the simulated world runs on one seed, itself included. */
  static final List<Room> SIMULATED =
      List.of(BYTES, RAFT, KV, DUTIES, ROUTING, WIRE, WAL, NODE, SIM);

  private final List<Room> uses;
  private final Library[] libraries;

  Room(List<Room> uses, Library... libraries) {
    this.uses = uses;
    this.libraries = libraries;
  }

  String in(String house) {
    return house + "." + name().toLowerCase(Locale.ROOT);
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
    MARKS("org.jspecify.annotations", "com.google.errorprone.annotations"),
    ROCKS("org.rocksdb.."),
    GRPC("io.grpc..", "io.netty.."),
    PROTO("io.balsa.proto..", "com.google.protobuf.."),
    METRICS("io.prometheus.."),
    HISTOGRAM("org.HdrHistogram.."),
    TERMINAL("picocli..", "org.jline..");

    private final List<String> packages;

    Library(String... packages) {
      this.packages = List.of(packages);
    }
  }
}
