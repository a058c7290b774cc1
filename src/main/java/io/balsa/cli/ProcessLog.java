package io.balsa.cli;

import io.balsa.cli.settings.GivenSettings;
import io.balsa.ctl.BadInput;
import io.balsa.logging.LogEvent;
import io.balsa.logging.LogSettings;
import io.balsa.logging.Logs;
import java.io.IOException;
import java.util.List;

/** The log of a process that runs a server or a proxy: its set-up, its first and last lines. */
final class ProcessLog {
  /** A server listens; requests wait until its cluster has a leader. */
  static final LogEvent LISTENING = LogEvent.info("io.balsa.process", "listening for clients");

  /** A server answers requests. etcd's scripts wait for these words. */
  static final LogEvent READY = LogEvent.info("io.balsa.process", "ready to serve client requests");

  /** A proxy takes requests. */
  static final LogEvent PROXY_READY =
      LogEvent.info("io.balsa.process", "ready to serve client requests by the proxy");

  /** The process was asked to end. */
  static final LogEvent STOPPING = LogEvent.info("io.balsa.process", "stopping");

  /** The process was asked to end before it took requests. */
  static final LogEvent ASKED_TO_END =
      LogEvent.info("io.balsa.process", "ended as asked, during the start");

  /** The process ends as asked. */
  static final LogEvent STOPPED = LogEvent.info("io.balsa.process", "stopped");

  private static final LogEvent WITHOUT_EFFECT =
      LogEvent.warn("io.balsa.process", "a setting has no effect", "leave it out");

  private static final LogEvent SETTINGS = LogEvent.info("io.balsa.process", "settings in force");

  /** The limit of open files is low. */
  static final LogEvent FEW_FILES =
      LogEvent.warn(
          "io.balsa.process",
          "this process may open few files",
          "raise the limit: ulimit -n, or LimitNOFILE of systemd");

  private static final LogEvent STARTING = LogEvent.info("io.balsa.process", "starting");

  private static final LogEvent HALTED =
      LogEvent.fatal(
          "io.balsa.process",
          "the server ends itself, because it could break a guarantee",
          "remove the cause that the reason names, then start it again");

  private ProcessLog() {}

  /**
   * Sets up the log, and logs what starts with which settings.
   *
   * @param what "server" or "proxy"
   * @throws BadInput when an output cannot be had
   */
  static void begin(LogSettings settings, String what, GivenSettings given) {
    try {
      Logs.setUp(settings, System.getenv("JOURNAL_STREAM"));
    } catch (IOException e) {
      throw new BadInput("--log-outputs: " + e.getMessage());
    }
    Runtime process = Runtime.getRuntime();
    STARTING.log(
        "what",
        what,
        "version",
        ProgramVersion.version(),
        "java",
        System.getProperty("java.vendor") + " " + Runtime.version(),
        "os",
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "arch",
        System.getProperty("os.arch"),
        "pid",
        ProcessHandle.current().pid(),
        "processors",
        process.availableProcessors(),
        "heap-max-mib",
        process.maxMemory() >> 20);
    SETTINGS.log(given.inForce().toArray());
  }

  /** Logs what was given and does not count. */
  static void warn(List<String> reasons) {
    reasons.forEach(reason -> WITHOUT_EFFECT.log("reason", reason));
  }

  /** The server ends itself. */
  static void halted(String reason) {
    HALTED.log("reason", reason);
  }
}
