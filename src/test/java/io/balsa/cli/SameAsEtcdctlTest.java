package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.balsa.forms.RawText;
import io.balsa.house.SharesCores;
import io.balsa.server.BalsaServer;
import io.balsa.server.ServerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our commands print what etcdctl prints. Each row runs etcdctl at one store and our command at
 * another one with the same history; a row that only reads runs both at the same store. A new row
 * is one line; rows run in their order.
 */
@SharesCores
class SameAsEtcdctlTest {
  private static final Path FOLDER = Path.of("target", "same-as-etcdctl-test");

  /**
   * One command line.
   *
   * @param sinceMinor the first etcd 3.x whose etcdctl prints what we print
   * @param input standard input
   */
  record Row(int sinceMinor, boolean reads, String input, String line) {
    /** The words of the line; {@code _} is an empty word, {@code \xff} a byte. */
    String[] words() {
      return Stream.of(line.split(" "))
          .map(word -> word.equals("_") ? "" : word.replace("\\xff", "\udcff"))
          .toArray(String[]::new);
    }

    @Override
    public String toString() {
      return line + (input.isEmpty() ? "" : " <<< " + input.replace("\n", "\\n"));
    }
  }

  private static Row write(String line) {
    return new Row(4, false, "", line);
  }

  private static Row read(String line) {
    return new Row(4, true, "", line);
  }

  private static Row since(int minor, Row row) {
    return new Row(minor, row.reads(), row.input(), row.line());
  }

  private static Row input(String input, Row row) {
    return new Row(row.sinceMinor(), row.reads(), input, row.line());
  }

  private static List<Row> inEachForm(String line) {
    return Stream.of("simple", "json", "fields", "protobuf")
        .map(form -> since(form.equals("protobuf") ? 7 : 4, read(line + " -w " + form)))
        .toList();
  }

  /** The same, where 3.4 prints other fields. */
  private static List<Row> inFormsOf37(String line) {
    return inEachForm(line).stream()
        .map(row -> since(row.line().endsWith("fields") ? 7 : row.sinceMinor(), row))
        .toList();
  }

  static final List<Row> ROWS = rows();

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>(puts());
    for (String line :
        List.of(
            "get a",
            "get none",
            "get b\\xff",
            "get _ --prefix",
            "get a c",
            "get _ --from-key",
            "get b --from-key --limit=2",
            "get _ --prefix --keys-only",
            "get a --rev=3",
            "get _ --prefix --order=DESCEND",
            "get _ --prefix --sort-by=VALUE",
            "get _ --prefix --sort-by=modify --order=descend --limit=3",
            "get a --consistency=s")) {
      rows.addAll(inEachForm(line));
    }
    rows.addAll(reads());
    rows.addAll(txns());
    rows.addAll(leasesAndDeletions());
    rows.addAll(members());
    rows.addAll(endpoints());
    return List.copyOf(rows);
  }

  private static List<Row> puts() {
    return List.of(
        write("put a 1"),
        write("put a 2 --prev-kv"),
        write("put a 3 --prev-kv -w json"),
        write("put a 4 --prev-kv -w fields"),
        write("put a 5 --prev-kv --hex"),
        write("put b\\xff \\xff\\xff"),
        write("put ñ ü -w=json"),
        input("\udcff\u0000\n", write("put c")),
        write("put -- c/1 -1"),
        write("put a --ignore-value --prev-kv"),
        write("put @file @file"),
        write("put \"quo\\ted\" 'x'"),
        write("put a --ignore-value 7"),
        write("put"),
        write("put x y --lease=zz"),
        write("put x y --lease=77"),
        write("put x y --lease=0"));
  }

  private static List<Row> reads() {
    return List.of(
        read("get _ --prefix --hex"),
        since(7, read("get b\\xff --hex -w fields")),
        read("get _ --prefix --print-value-only"),
        since(7, read("get _ --prefix --count-only -w fields")),
        read("get _ --prefix=true"),
        read("get a --prefix=false"),
        read("--write-out=json get a"),
        read("-w json get a"),
        read("--command-timeout 7s --hex get a"),
        read("get a --prefix --from-key"),
        read("get a b --prefix"),
        read("get"),
        read("get a --order=up"),
        read("get a --rev=999"),
        since(7, read("get _ --prefix --stream")),
        since(7, read("get a --print-value-only -w json")),
        since(6, read("get _ --prefix --min-mod-rev=3 --max-mod-rev=6 -w json")),
        since(6, read("get _ --prefix --min-create-rev=5")),
        since(6, read("get _ --prefix --max-create-rev=5")));
  }

  private static List<Row> txns() {
    List<Row> rows = new ArrayList<>();
    for (String txn :
        List.of(
            "\n\n\n",
            "mod(\"a\") > \"0\"\n\nput t 1\nget a\nget none\n\nput t 2\n\n",
            "val(\"a\") = \"no\"\n\nput t 1\n\nput t 2 --prev-kv\ndel c --prev-kv\n\n",
            "ver(\"t\") = \"9\"\ncreate(\"t\") = \"9\"\n\n\nget @ --from-key\n\n",
            "\nput t \"\\x41\\377\\u00e9\\n\"\nput 'u\\n' v\\x41\nput w\\ x\n\n\n",
            "val(\"t\") = \"A\\xff\\u00e9\\n\"\n\nget t\nget 'u\\n' x\nget w --prefix\n\n\n")) {
      for (String form : List.of("simple", "json", "fields")) {
        rows.add(
            since(
                form.equals("json") || txn.startsWith("val(\"t\")") ? 7 : 4,
                input(txn, write("txn -w " + form))));
      }
    }
    rows.add(input("mod(a) > 0\n\n\n\n", write("txn")));
    rows.add(input("\nfrob a\n\n\n", write("txn")));
    rows.add(read("get _ --prefix -w json"));
    return rows;
  }

  private static List<Row> leasesAndDeletions() {
    return List.of(
        write("lease list"),
        write("lease list -w json"),
        write("lease grant 100"),
        write("lease grant 100 -w json"),
        write("lease grant 100 -w fields"),
        write("lease grant x"),
        read("lease timetolive 77"),
        read("lease timetolive 77 -w json"),
        read("lease timetolive 77 -w fields"),
        read("lease list -w fields"),
        write("lease keep-alive --once 77"),
        write("lease keep-alive 77"),
        write("lease revoke 77"),
        write("lease revoke xyz"),
        write("del none"),
        write("del c --prev-kv"),
        write("del b\\xff --prev-kv -w json"),
        write("del a --prev-kv -w fields"),
        write("del ñ --prev-kv --hex"),
        write("del a b --prefix"),
        write("del"),
        since(6, write("del t u --range")),
        write("compaction 5"),
        write("compaction 5"),
        write("compaction 9999"),
        write("compaction x"),
        read("get _ --prefix --rev=2"),
        write("del _ --prefix"),
        write("del _ --from-key"));
  }

  private static List<Row> members() {
    List<Row> rows = new ArrayList<>(inFormsOf37("member list"));
    rows.addAll(
        List.of(
            since(7, read("member list --consistency=s")),
            since(7, read("member list --hex -w json")),
            since(7, read("member list --hex -w fields")),
            read("member add"),
            read("member add d"),
            read("member add d --peer-urls=http://127.0.0.1:1"),
            read("member remove xyz"),
            read("member remove 1"),
            read("member update 1"),
            read("member update 1 --peer-urls=http://127.0.0.1:1"),
            read("member promote 1")));
    return rows;
  }

  private static List<Row> endpoints() {
    List<Row> rows = new ArrayList<>();
    for (String command : List.of("health", "status", "hashkv")) {
      for (String form : List.of("simple", "json", "fields", "protobuf")) {
        rows.add(since(7, read("endpoint " + command + " -w " + form)));
      }
      rows.add(since(7, read("endpoint " + command + " --cluster")));
      rows.add(since(7, read("endpoint --cluster " + command)));
    }
    rows.add(since(7, read("endpoint hashkv --rev=7")));
    rows.addAll(inFormsOf37("alarm list"));
    rows.addAll(inFormsOf37("alarm disarm"));
    rows.add(read("alarm list x"));
    rows.add(read("move-leader"));
    rows.add(read("move-leader zz"));
    rows.add(read("move-leader 1"));
    rows.add(since(7, read("defrag")));
    rows.add(since(7, read("defrag --cluster")));
    rows.add(since(7, read("endpoint status --hex -w fields")));
    return rows;
  }

  private static Optional<EtcdctlRun> etcdctl;
  private static BalsaServer theirs;
  private static BalsaServer ours;

  @BeforeAll
  static void start() throws IOException, InterruptedException, ServerFailure {
    etcdctl = EtcdctlRun.find();
    TestFolders.delete(FOLDER);
    theirs = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("theirs")));
    ours = BalsaServer.start(OnLoopback.settings(FOLDER.resolve("ours")));
  }

  @AfterAll
  static void stop() throws IOException {
    theirs.close();
    ours.close();
    TestFolders.delete(FOLDER);
  }

  /** The rows that the etcdctl at hand can judge. */
  static List<Row> judged() {
    return ROWS.stream()
        .filter(row -> etcdctl.isEmpty() || etcdctl.get().minor() >= row.sinceMinor())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("judged")
  void thisPrintsTheSame(Row row) throws IOException, InterruptedException {
    assumeTrue(etcdctl.isPresent());
    ByteString input = RawText.bytes(row.input());

    CommandRun expected = etcdctl.get().run(input, at(theirs, row));
    CommandRun run = with(input, at(row.reads() ? theirs : ours, row));

    assertThat(masked(run)).as(run.err()).isEqualTo(masked(expected));
    assertThat(run.exitCode() == 0).as(expected.err()).isEqualTo(expected.exitCode() == 0);
    assertThat(run.err().lines().count()).isLessThanOrEqualTo(1);
    expected
        .err()
        .lines()
        .filter(line -> line.startsWith("Error: etcdserver: "))
        .forEach(line -> assertThat(run.err()).contains(line.substring("Error: ".length())));
  }

  private static String[] at(BalsaServer server, Row row) {
    return Stream.concat(Stream.of(OnLoopback.endpoint(server)), Stream.of(row.words()))
        .toArray(String[]::new);
  }

  static CommandRun with(ByteString input, String... words) {
    InputStream before = System.in;
    System.setIn(input.newInput());
    try {
      return CommandRun.of(words);
    } finally {
      System.setIn(before);
    }
  }

  /** The output without the ids of servers and leases, which differ between the two stores. */
  static String masked(CommandRun run) {
    return run.out()
        .replaceAll(
            "(\"(?:cluster_id|member_id|ID|id)\":|\"(?:ClusterID|MemberID|ID)\" : )\\d+", "$1N")
        .replaceAll("\"(ClusterID|MemberID)\" : [0-9a-f]+", "\"$1\" : N")
        .replaceAll("((?:took|Took)(?:\" : |\":\"| = | )(?=[0-9]))[0-9.]+[a-zµ]+", "$1T")
        .replaceAll("(raft_term\":|RaftTerm\" : )\\d+", "$1N")
        .replaceAll("\\b[0-9a-f]{16}\\b", "L");
  }
}
