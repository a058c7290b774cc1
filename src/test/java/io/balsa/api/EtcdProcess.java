package io.balsa.api;

import static io.balsa.host.Until.until;

import io.balsa.host.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real etcd process with an empty store on free ports. */
public final class EtcdProcess implements AutoCloseable {
  private final Process process;
  private final Path directory;
  private final int port;

  private EtcdProcess(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  /** The etcd to compare with, if there is one; see {@link #program}. */
  public static Optional<Path> installed() {
    return program("etcd");
  }

  /**
   * A program of etcd's: in the folder {@code -Dbalsa.oracle.etcd} or {@code BALSA_ETCD} if one is
   * given, else as installed.
   */
  public static Optional<Path> program(String name) {
    String given = System.getProperty("balsa.oracle.etcd", System.getenv("BALSA_ETCD"));
    String folders = given == null ? System.getenv("PATH") : given;
    return Stream.of(folders.split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts it, with more options than those for its addresses. */
  public static EtcdProcess start(Path program, String... options) throws IOException {
    Path directory = Files.createTempDirectory(OneServer.FOLDER, "etcd-");
    List<Integer> ports = FreePorts.choose(2);
    int port = ports.getFirst();
    String client = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + ports.getLast();
    List<String> words =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer));
    words.addAll(List.of(options));
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    EtcdProcess etcd = new EtcdProcess(process, directory, port);
    etcd.awaitReady();
    return etcd;
  }

  public int port() {
    return port;
  }

  /** Whether the process still runs after 0.2 seconds; a request that ends it fails first. */
  boolean isAlive() {
    try {
      return !process.waitFor(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void awaitReady() throws IOException {
    boolean ready = false;
    try {
      until(() -> "etcd starts", () -> !process.isAlive() || isHealthy());
      ready = process.isAlive();
      if (!ready) {
        throw new IOException("etcd did not start:\n" + Files.readString(directory.resolve("log")));
      }
    } finally {
      if (!ready) {
        close();
      }
    }
  }

  private boolean isHealthy() {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return healthy(socket);
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  private static boolean healthy(java.net.Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /health HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return new String(
            socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
        .contains("\"true\"");
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      OneServer.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
