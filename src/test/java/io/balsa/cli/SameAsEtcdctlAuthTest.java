package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.balsa.api.EtcdProcess;
import io.balsa.forms.RawText;
import io.balsa.house.SharesCores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands on users and roles print what etcdctl prints. Each program runs the same lines, in
 * their order, at an etcd of its own. A new row is one line.
 */
@SharesCores
class SameAsEtcdctlAuthTest {
  /**
   * One command line; a word of one underscore is an empty word.
   *
   * @param sinceMinor the first etcd 3.x whose etcdctl prints what we print
   * @param input standard input
   */
  record Row(int sinceMinor, String input, String line) {
    String[] words() {
      return Stream.of(line.split(" "))
          .map(word -> word.equals("_") ? "" : word)
          .toArray(String[]::new);
    }

    @Override
    public String toString() {
      return line;
    }
  }

  private static Row row(String line) {
    return new Row(4, "", line);
  }

  private static Row input(String input, String line) {
    return new Row(4, input, line);
  }

  private static List<Row> inEachForm(String line) {
    return Stream.of("simple", "json", "fields", "protobuf")
        .map(form -> new Row(form.equals("protobuf") ? 7 : 4, "", line + " -w " + form))
        .toList();
  }

  private static List<Row> inFormsWithoutFields(String line) {
    return inEachForm(line).stream().filter(row -> !row.line().endsWith("fields")).toList();
  }

  static final List<Row> ROWS = rows();

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(users());
    rows.addAll(roles());
    rows.addAll(grants());
    rows.addAll(logins());
    return List.copyOf(rows);
  }

  private static List<Row> users() {
    List<Row> rows =
        new ArrayList<>(
            List.of(
                row("auth enable"),
                row("auth disable"),
                row("user list"),
                row("user add root:r"),
                row("user add alice:a:b -w json"),
                row("user add bob --new-user-password=b -w fields"),
                row("user add bob --new-user-password=b"),
                row("user add carol --no-password"),
                input("secret word\n", "user add dave --interactive=false"),
                input("\n", "user add eve --interactive=false"),
                input("  new\n", "user passwd dave --interactive=false"),
                input("new", "user passwd dave --interactive=false -w json"),
                input("new", "user passwd dave --interactive=false -w fields"),
                input("x", "user passwd nobody --interactive=false"),
                row("user add :x"),
                row("user add"),
                row("user add a b"),
                row("user get"),
                row("user get nobody"),
                row("user passwd"),
                row("user delete"),
                row("user delete nobody"),
                row("user delete bob"),
                row("user delete carol -w json"),
                row("user list x")));
    rows.addAll(inFormsWithoutFields("user list"));
    return rows;
  }

  private static List<Row> roles() {
    List<Row> rows =
        new ArrayList<>(
            List.of(
                row("role list"),
                row("role list -w fields"),
                row("role add r"),
                row("role add r"),
                row("role add s -w json"),
                row("role add t -w fields"),
                row("role add"),
                row("role get nobody"),
                row("role get r"),
                row("role grant-permission r read a"),
                row("role grant-permission r write b -w json"),
                row("role grant-permission r readwrite c d -w fields"),
                row("role grant-permission r READ p/ --prefix"),
                row("role grant-permission r read q --from-key"),
                row("role grant-permission s read _ --prefix"),
                row("role grant-permission t read _"),
                row("role grant-permission r fly a"),
                row("role grant-permission r read a --prefix --from-key"),
                row("role grant-permission r read a b --prefix"),
                row("role grant-permission r read a b --from-key"),
                row("role grant-permission nobody read a"),
                row("role grant-permission r read")));
    rows.addAll(revocations());
    return rows;
  }

  private static List<Row> revocations() {
    List<Row> rows = new ArrayList<>();
    for (String role : List.of("r", "s", "t")) {
      rows.addAll(inEachForm("role get " + role));
    }
    rows.addAll(inEachForm("role list"));
    rows.add(row("role revoke-permission r a"));
    rows.add(row("role revoke-permission r c d"));
    rows.add(row("role revoke-permission r p/ --prefix -w json"));
    rows.add(row("role revoke-permission r q --from-key"));
    rows.add(row("role revoke-permission s _ --prefix"));
    rows.add(row("role revoke-permission r nothing"));
    rows.add(row("role revoke-permission r b -w fields"));
    rows.add(row("role revoke-permission r"));
    rows.add(row("role delete t"));
    rows.add(row("role delete t"));
    rows.add(row("role delete"));
    return rows;
  }

  private static List<Row> grants() {
    List<Row> rows =
        new ArrayList<>(
            List.of(
                row("user grant-role alice r"),
                row("user grant-role alice s -w json"),
                row("user grant-role dave s -w fields"),
                row("user grant-role alice nobody"),
                row("user grant-role nobody r"),
                row("user grant-role alice"),
                row("role grant-permission r read a")));
    rows.addAll(inFormsWithoutFields("user get alice"));
    rows.add(row("user get alice --detail"));
    rows.add(row("user get alice --detail -w json"));
    rows.add(row("user get dave"));
    rows.add(row("user revoke-role alice s"));
    rows.add(row("user revoke-role alice s"));
    rows.add(row("user revoke-role dave s -w json"));
    rows.add(row("role delete s -w json"));
    rows.add(new Row(5, "", "auth status"));
    rows.add(new Row(5, "", "auth status -w json"));
    rows.add(new Row(5, "", "auth status x"));
    rows.add(row("auth enable x"));
    rows.add(row("auth enable"));
    return rows;
  }

  /** From here on, authentication is on. */
  private static List<Row> logins() {
    return List.of(
        row("get a"),
        row("--user=root:r put a 1"),
        row("--user root:r get a"),
        row("get a --user root --password r"),
        row("get a --user=root:wrong"),
        row("get a --user=nobody:x"),
        row("get a --user=alice:a:b"),
        row("get b --user=alice:a:b"),
        row("put a 2 --user=alice:a:b"),
        row("user list --user=alice:a:b"),
        row("user add zoe:z --user=root:r"),
        row("auth disable --user=alice:a:b"),
        row("lease timetolive 1 --user=root:r"),
        row("auth disable --user=root:r"),
        row("get a"),
        row("get a --user=root:r"));
  }

  private static Optional<EtcdctlRun> etcdctl = Optional.empty();
  private static final List<EtcdProcess> SERVERS = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    etcdctl = EtcdctlRun.find();
    if (etcdctl.isPresent() && EtcdProcess.installed().isPresent()) {
      for (int i = 0; i < 2; i++) {
        SERVERS.add(EtcdProcess.start(EtcdProcess.installed().get(), "--bcrypt-cost=4"));
      }
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(EtcdProcess::close);
  }

  static List<Row> judged() {
    return ROWS.stream()
        .filter(row -> etcdctl.isEmpty() || etcdctl.get().minor() >= row.sinceMinor())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("judged")
  void thisPrintsTheSame(Row row) throws IOException, InterruptedException {
    assumeTrue(!SERVERS.isEmpty());
    ByteString input = RawText.bytes(row.input());

    CommandRun expected = etcdctl.get().run(input, at(SERVERS.getFirst(), row));
    // this form hides ids in bytes, so both ask one server; such rows only read
    boolean same = row.line().endsWith("protobuf");
    EtcdProcess own = same ? SERVERS.getFirst() : SERVERS.getLast();
    CommandRun run = SameAsEtcdctlTest.with(input, at(own, row));

    assertThat(SameAsEtcdctlTest.masked(run))
        .as(run.err())
        .isEqualTo(SameAsEtcdctlTest.masked(expected));
    assertThat(run.exitCode() == 0).as(expected.err()).isEqualTo(expected.exitCode() == 0);
    assertThat(run.err().lines().count()).isLessThanOrEqualTo(1);
    expected
        .err()
        .lines()
        .filter(line -> line.startsWith("Error: etcdserver: "))
        .forEach(line -> assertThat(run.err()).contains(line.substring("Error: ".length())));
  }

  private static String[] at(EtcdProcess server, Row row) {
    return Stream.concat(
            Stream.of("--endpoints=127.0.0.1:" + server.port()), Stream.of(row.words()))
        .toArray(String[]::new);
  }
}
