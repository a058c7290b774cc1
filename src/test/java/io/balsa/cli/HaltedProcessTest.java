package io.balsa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.logging.LogSettings;
import io.balsa.logging.Logs;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HaltedProcessTest {
  @Test
  void aLogThatNobodyReadsKeepsNoProcessAlive() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Halting.class.getName())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(HaltedProcess.EXIT_HALTED);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The process that ends itself: more is written to the pipe of its log than the pipe holds. */
  static final class Halting {
    private Halting() {}

    public static void main(String[] arguments) throws Exception {
      Logs.setUp(LogSettings.DEFAULTS, null);
      CountDownLatch begun = new CountDownLatch(1);
      Thread.ofPlatform().daemon().start(() -> write(begun));
      begun.await();
      HaltedProcess.end("a reason");
    }

    private static void write(CountDownLatch begun) {
      byte[] much = new byte[1 << 20];
      System.err.write(much, 0, 1);
      begun.countDown();
      System.err.write(much, 0, much.length);
    }
  }
}
