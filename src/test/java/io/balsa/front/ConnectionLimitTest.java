package io.balsa.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private static final long SECOND = 1_000_000_000L;

  private final ClientFaults faults = new ClientFaults();
  private final AtomicLong now = new AtomicLong(System.nanoTime());
  private final ConnectionLimit admission = new ConnectionLimit(8, faults, now::get);
  private final List<EmbeddedChannel> admitted = new ArrayList<>();

  private boolean admit(String from) throws UnknownHostException {
    now.addAndGet(SECOND);
    EmbeddedChannel channel = new EmbeddedChannel();
    SocketAddress address = new InetSocketAddress(InetAddress.getByName(from), 1);
    boolean taken = admission.admit(channel, address);
    if (taken) {
      admitted.add(channel);
    }
    return taken;
  }

  private void fill(String from, int count) throws UnknownHostException {
    for (int i = 0; i < count; i++) {
      assertThat(admit(from)).isTrue();
    }
  }

  private List<Boolean> open() {
    return admitted.stream().map(EmbeddedChannel::isOpen).toList();
  }

  @Test
  void theLongestIdleOneMakesRoom() throws Exception {
    fill("10.0.0.1", 4);
    fill("10.0.0.2", 4);
    ClientConnection.of(admitted.get(0)).begins();
    ClientConnection.of(admitted.get(1)).begins();
    ClientConnection.of(admitted.get(1)).ends(); // by the machine's clock, so it is idle longest
    assertThat(admit("10.0.0.3")).isTrue();
    assertThat(admission.count()).isEqualTo(8);
    assertThat(open()).filteredOn(is -> !is).hasSize(1);
    assertThat(open().get(0)).as("it has a call").isTrue();
    assertThat(faults.count(ClientFaults.Kind.IDLE_CLOSED)).isEqualTo(1);
    assertThat(faults.count(ClientFaults.Kind.CONNECTION_REFUSED)).isZero();
  }

  @Test
  void aSourceHasHalfOfTheRoom() throws Exception {
    fill("10.0.0.1", 1);
    fill("127.0.0.1", 3);
    fill("127.1.2.3", 1);
    assertThat(admit("::1")).isTrue();
    assertThat(open())
        .as("the loopback's oldest left")
        .containsExactly(true, false, true, true, true, true);
    for (int i = 2; i < 6; i++) {
      ClientConnection.of(admitted.get(i)).begins();
    }
    assertThat(admit("127.0.0.1")).isFalse();
    assertThat(faults.count(ClientFaults.Kind.CONNECTION_REFUSED)).isEqualTo(1);
    assertThat(admit("10.0.0.9")).as("others come in").isTrue();
  }

  @Test
  void aRequestOnItsWayIsNotCutOff() throws Exception {
    ConnectionLimit two = new ConnectionLimit(2, faults, now::get);
    assertThat(two.admit(new EmbeddedChannel(), new InetSocketAddress("10.0.0.1", 1))).isTrue();
    assertThat(two.admit(new EmbeddedChannel(), new InetSocketAddress("10.0.0.1", 1))).isFalse();
    now.addAndGet(SECOND);
    assertThat(two.admit(new EmbeddedChannel(), new InetSocketAddress("10.0.0.1", 1))).isTrue();
  }

  @Test
  void whoLeavesMakesRoom() throws Exception {
    fill("10.0.0.1", 4);
    for (EmbeddedChannel channel : admitted) {
      var _ = channel.close();
    }
    assertThat(admission.count()).isZero();
    fill("10.0.0.1", 4);
    assertThat(faults.count(ClientFaults.Kind.IDLE_CLOSED)).isZero();
  }

  @Test
  void whenDescriptorsRunOutAnIdleOneGoes() throws Exception {
    fill("10.0.0.1", 2);
    now.addAndGet(SECOND);
    admission.cannotAccept("Too many open files");
    assertThat(open()).containsExactly(false, true);
    assertThat(faults.count(ClientFaults.Kind.ACCEPT_FAILED)).isEqualTo(1);
  }

  @Test
  void aNetworkOfIpVersionSixIsOneSource() throws Exception {
    assertThat(source("2001:db8:1:2:3:4:5:6")).isEqualTo(source("2001:db8:1:2::9"));
    assertThat(source("2001:db8:1:2::9")).isNotEqualTo(source("2001:db8:1:3::9"));
    assertThat(source("::1")).isEqualTo(source("127.0.0.1"));
    assertThat(source("10.0.0.1")).isEqualTo("10.0.0.1");
  }

  private static String source(String address) throws UnknownHostException {
    return ConnectionLimit.sourceOf(InetAddress.getByName(address));
  }
}
