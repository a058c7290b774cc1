package io.balsa.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Servers and a proxy in front of them, each a process on this machine, reachable on loopback only.
 * Servers are numbered from 1. {@link #close} ends all of them. They also end when this process
 * ends, even by SIGKILL.
 */
public final class ClusterProcesses implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(6);

  private final Launch launch;
  private final Path directory;
  private final ClusterPorts ports;
  private final List<String> serverFlags;
  private final @Nullable Relays relays;
  private final ChildProcess[] servers;
  private final List<PlainEndpoint> endpoints;
  private final PidFile pids;
  private final FolderLock lock;
  private volatile EndListener listener = (_, _) -> {};
  private final Thread lastResort = new Thread(this::killAll, "end-children");
  private @Nullable ChildProcess proxy;

  /** Gets the number of a server that ended, and how it ended. */
  interface EndListener {
    void ended(int server, String how);
  }

  /**
   * Starts three servers on free ports.
   *
   * @param directory for the data and the output of each server; made when missing
   * @param serverFlags more flags for every server
   */
  public static ClusterProcesses ofThree(Launch launch, Path directory, List<String> serverFlags) {
    FolderLock lock = FolderLock.take(Folders.made(directory));
    return new ClusterProcesses(launch, directory, lock, ClusterPorts.free(3), serverFlags, null);
  }

  /** Starts three servers on free ports, with relays between the peers. */
  public static ClusterProcesses behind(Relays relays, Launch launch, Path directory) {
    FolderLock lock = FolderLock.take(Folders.made(directory));
    return new ClusterProcesses(launch, directory, lock, ClusterPorts.free(3), List.of(), relays);
  }

  /**
   * Starts servers on the ports that belong to the directory. First ends the processes that an
   * earlier run left there.
   */
  static ClusterProcesses inPlayground(Launch launch, Path directory, RememberedPorts remembered) {
    FolderLock lock = FolderLock.take(Folders.made(directory));
    try {
      new PidFile(directory.resolve("pids")).endLeftOvers(directory.toString());
      return new ClusterProcesses(launch, directory, lock, remembered.choose(), List.of(), null);
    } catch (InstrumentFailure failed) {
      lock.close();
      throw failed;
    }
  }

  private ClusterProcesses(
      Launch launch,
      Path directory,
      FolderLock lock,
      ClusterPorts ports,
      List<String> serverFlags,
      @Nullable Relays relays) {
    this.launch = launch;
    this.directory = directory;
    this.lock = lock;
    this.ports = ports;
    this.serverFlags = serverFlags;
    this.relays = relays;
    this.pids = new PidFile(directory.resolve("pids"));
    this.servers = new ChildProcess[ports.servers()];
    Runtime.getRuntime().addShutdownHook(lastResort);
    endpoints =
        IntStream.rangeClosed(1, ports.servers())
            .mapToObj(server -> PlainEndpoint.onLoopback(ports.client(server)))
            .toList();
    if (relays != null) {
      relays.open(ports, this::ownerOf);
    }
    IntStream.rangeClosed(1, ports.servers()).forEach(this::start);
    proxy = launchProxy();
    notePids();
  }

  private String how(int server, ChildProcess child) {
    return switch (child.exitCode()) {
      case 0, 128 + 15 -> "was stopped";
      case 128 + 9 -> "was killed";
      default -> "ended: " + lastLine(server).orElse("without any output");
    };
  }

  /** Sets the listener for servers that end. */
  void onEnd(EndListener newListener) {
    listener = newListener;
  }

  Path directory() {
    return directory;
  }

  public int size() {
    return servers.length;
  }

  public ClusterPorts ports() {
    return ports;
  }

  /** The numbers of the servers: 1, 2, ... */
  public List<Integer> numbers() {
    return IntStream.rangeClosed(1, size()).boxed().toList();
  }

  /** A client of one server, not through the proxy. */
  public PlainEndpoint endpoint(int server) {
    return endpoints.get(server - 1);
  }

  public ChildProcess child(int server) {
    return servers[server - 1];
  }

  public boolean isAlive(int server) {
    return child(server).isAlive();
  }

  /** The client addresses of all servers, separated by commas. */
  String clientAddresses() {
    return numbers().stream()
        .map(server -> "127.0.0.1:" + ports.client(server))
        .collect(Collectors.joining(","));
  }

  public String proxyAddress() {
    return "127.0.0.1:" + ports.proxy();
  }

  /** Starts a server that has ended, with its data. */
  public void start(int server) {
    ChildProcess child = ChildProcess.start(launch, serverCommand(server), log("server-" + server));
    servers[server - 1] = child;
    child.onEnd(() -> listener.ended(server, how(server, child)));
    notePids();
  }

  /** The file with the output of a server or of the proxy. */
  Path log(String name) {
    return directory.resolve(name + ".log");
  }

  /** Writes a text to a file beside the data. */
  public void note(String name, String text) {
    Folders.write(directory.resolve(name), text);
  }

  /** The last line of output of a server. */
  public Optional<String> lastLine(int server) {
    return lastLine("server-" + server);
  }

  public Optional<String> lastProxyLine() {
    return lastLine("proxy");
  }

  private Optional<String> lastLine(String name) {
    return Folders.lines(log(name)).stream()
        .filter(line -> !line.isBlank())
        .reduce((_, later) -> later);
  }

  private List<String> serverCommand(int server) {
    List<String> command = new ArrayList<>();
    command.add("server");
    command.add("--name=s" + server);
    command.add("--data-dir=" + directory.resolve("server-" + server));
    command.add("--listen-client-urls=http://127.0.0.1:" + ports.client(server));
    command.add("--advertise-client-urls=http://127.0.0.1:" + ports.client(server));
    command.add("--listen-peer-urls=http://127.0.0.1:" + ports.peer(server));
    command.add("--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort(server));
    command.add("--initial-cluster=" + initialCluster());
    command.add("--exit-with-parent");
    if (!Launch.detaches()) {
      command.add("--ignore-interrupt");
    }
    command.addAll(serverFlags);
    return command;
  }

  private String initialCluster() {
    return numbers().stream()
        .map(server -> "s" + server + "=http://127.0.0.1:" + peerPort(server))
        .collect(Collectors.joining(","));
  }

  /** The port at which peers connect to a server. */
  private int peerPort(int server) {
    return relays == null ? ports.peer(server) : relays.port(server);
  }

  /** The server whose process has the connection between two ports; 0 when it is not known. */
  private int ownerOf(int localPort, int remotePort) {
    for (int server : numbers()) {
      ChildProcess child = servers[server - 1];
      if (child != null && SocketOwners.owns(child.pid(), localPort, remotePort)) {
        return server;
      }
    }
    return 0;
  }

  /** Starts the proxy, which has ended. */
  public void startProxy() {
    proxy = launchProxy();
    notePids();
  }

  private ChildProcess launchProxy() {
    List<String> command = new ArrayList<>();
    command.add("proxy");
    command.add("--endpoints=" + clientAddresses());
    command.add("--listen-addr=" + proxyAddress());
    command.add("--exit-with-parent");
    if (!Launch.detaches()) {
      command.add("--ignore-interrupt");
    }
    return ChildProcess.start(launch, command, log("proxy"));
  }

  private void notePids() {
    List<Long> alive = new ArrayList<>();
    for (ChildProcess child : children()) {
      if (child.isAlive()) {
        alive.add(child.pid());
      }
    }
    pids.write(alive);
  }

  public List<ChildProcess> children() {
    List<ChildProcess> children = new ArrayList<>();
    for (ChildProcess server : servers) {
      if (server != null) {
        children.add(server);
      }
    }
    if (proxy != null) {
      children.add(proxy);
    }
    return children;
  }

  public boolean isProxyAlive() {
    return proxy != null && proxy.isAlive();
  }

  /** Ends all processes: by SIGTERM, and after 6 s by SIGKILL. */
  @Override
  public void close() {
    endpoints.forEach(PlainEndpoint::close);
    for (ChildProcess child : children()) {
      child.resume();
      child.stop();
    }
    long end = System.nanoTime() + STOP_LIMIT.toNanos();
    for (ChildProcess child : children()) {
      if (!child.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        child.kill();
      }
    }
    pids.clear();
    lock.close();
    forgetLastResort();
  }

  private void forgetLastResort() {
    try {
      Runtime.getRuntime().removeShutdownHook(lastResort);
    } catch (IllegalStateException _) {
      return; // this process ends, and the hook runs
    }
  }

  /** Ends all processes by SIGKILL. */
  void killAll() {
    children().forEach(ChildProcess::killSoon);
  }
}
