package io.balsa.ctl.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.ctl.Colours;
import io.balsa.forms.Json;
import io.balsa.proto.etcdserverpb.ResponseHeader;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerStatusTest {
  private static final StatusResponse STATUS =
      StatusResponse.newBuilder()
          .setHeader(ResponseHeader.newBuilder().setMemberId(7))
          .setRaftTerm(3)
          .setRaftIndex(120)
          .setRaftAppliedIndex(100)
          .setDbSize(3 << 19)
          .build();

  private static ServerStatus server(String name, long leader) {
    return new ServerStatus(
        new HostPort("h", 1), name, Optional.of(STATUS.toBuilder().setLeader(leader).build()), "");
  }

  @Test
  void theTableShowsRolesAndLag() {
    List<ServerStatus> all =
        List.of(
            server("a", 7),
            server("b", 8),
            server("c", 0),
            new ServerStatus(new HostPort("h", 2), "-", Optional.empty(), "gone"));

    assertThat(ServerStatus.table(all, new Colours(false)).text())
        .isEqualTo(
            """
            endpoint  member  role       term  log  applied  lag     size
            h:1       a       leader        3  120      100   20  1.5 MiB
            h:1       b       follower      3  120      100   20  1.5 MiB
            h:1       c       no leader     3  120      100   20  1.5 MiB
            h:2       -       down          -    -        -    -        -\
            """);
    assertThat(all.getLast().trouble()).containsExactly("h:2: gone");
  }

  @Test
  void coloursAreOffWithoutATerminal() {
    assertThat(new Colours(false).bad("x")).hasToString("x");
    assertThat(new Colours(true).bad("x").toString())
        .startsWith("\u001b[31mx\u001b[")
        .endsWith("m");
  }

  @Test
  void sizesAreForPeople() {
    assertThat(ServerStatus.size(1_023)).isEqualTo("1023 B");
    assertThat(ServerStatus.size(2_048)).isEqualTo("2.0 KiB");
    assertThat(ServerStatus.size(5L << 30)).isEqualTo("5.0 GiB");
  }

  @Test
  void jsonIsEtcdctls() {
    StatusResponse status =
        STATUS.toBuilder().setLeader(-1).setVersion("a\"b").addErrors("x").build();

    assertThat(Json.text(out -> Json.write(out, status)))
        .isEqualTo(
            "{\"header\":{\"member_id\":7},\"version\":\"a\\\"b\",\"dbSize\":1572864,"
                + "\"leader\":18446744073709551615,\"raftIndex\":120,\"raftTerm\":3,"
                + "\"raftAppliedIndex\":100,\"errors\":[\"x\"]}");
  }

  @Test
  void theListIsEtcdctls() {
    ServerStatus up =
        new ServerStatus(
            new HostPort("h", 1), "a", Optional.of(StatusResponse.getDefaultInstance()), "");
    ServerStatus down = new ServerStatus(new HostPort("h", 2), "-", Optional.empty(), "a <\"b\">");

    assertThat(ServerStatus.json(List.of(up, down)))
        .isEqualTo(
            "[{\"Endpoint\":\"h:1\",\"Status\":{}},"
                + "{\"Endpoint\":\"h:2\",\"Error\":\"a <\\\"b\\\">\"}]");
  }
}
