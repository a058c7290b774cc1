package io.balsa.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedPortsTest {
  @TempDir private Path folder;

  @Test
  void portsStayWithTheirData() {
    ClusterPorts first = new RememberedPorts(folder, 0, 3).choose();

    assertThat(new RememberedPorts(folder, 0, 3).choose()).isEqualTo(first);
    assertThatThrownBy(() -> new RememberedPorts(folder, first.base() + 1, 3).choose())
        .isInstanceOf(InstrumentFailure.class)
        .hasMessageContaining("belong to base port " + first.base());
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    ClusterPorts ports = ClusterPorts.free(3);
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.client(2)));

      assertThatThrownBy(() -> new RememberedPorts(folder, ports.base(), 3).choose())
          .isInstanceOf(InstrumentFailure.class)
          .hasMessageContaining("port " + ports.client(2) + " is in use");
    }
  }

  @Test
  void aFolderIsForOne() {
    try (FolderLock _ = FolderLock.take(folder)) {
      assertThatThrownBy(() -> FolderLock.take(folder))
          .isInstanceOf(InstrumentFailure.class)
          .hasMessageContaining("another playground");
    }
  }
}
