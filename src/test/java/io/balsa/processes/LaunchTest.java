package io.balsa.processes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchTest {
  @ParameterizedTest
  @ValueSource(strings = {"ETCD_CONFIG_FILE", "ETCD_DATA_DIR", "BALSA_DATA_DIR", "NOTIFY_SOCKET"})
  void aChildDoesNotGetTheFlagsOfItsParent(String variable) {
    assertThat(Launch.isFlag(variable)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"BALSA_JAVA_OPTS", "PATH", "ETCDCTL_API"})
  void aChildGetsTheOtherVariables(String variable) {
    assertThat(Launch.isFlag(variable)).isFalse();
  }
}
