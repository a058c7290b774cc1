package io.balsa.processes;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.RequestFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
  private static final Duration UP_LIMIT = Duration.ofSeconds(60);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);

  private final Launch launch;
  private final Path directory;
  private final ClusterSecurity security;
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
   * Starts three servers on free ports, without TLS and users.
   *
   * @param directory for the data and the output of each server; made when missing
   * @param serverFlags more flags for every server
   */
  public static ClusterProcesses ofThree(Launch launch, Path directory, List<String> serverFlags) {
    return ofThree(launch, directory, serverFlags, SecurityWish.NONE);
  }

  /** As {@link #ofThree(Launch, Path, List)}, secured; users are not in force yet. */
  public static ClusterProcesses ofThree(
      Launch launch, Path directory, List<String> serverFlags, SecurityWish wish) {
    Place place = new Place(directory, () -> ClusterPorts.free(3), wish);
    List<String> flags = new ArrayList<>(serverFlags);
    flags.addAll(quickLogins(wish));
    return begin(launch, place, flags, null);
  }

  /** Starts three servers, with relays between the peers; users are not in force yet. */
  public static ClusterProcesses behind(
      Relays relays, Launch launch, Path directory, SecurityWish wish) {
    Place place = new Place(directory, () -> ClusterPorts.free(3), wish);
    return begin(launch, place, quickLogins(wish), relays);
  }

  /** The passwords of a run are random and end with it, so their hashes may be cheap. */
  private static List<String> quickLogins(SecurityWish wish) {
    return wish.users() ? List.of("--bcrypt-cost=4") : List.of();
  }

  /**
   * Starts servers on the ports that belong to the directory, secured as those were that began it.
   * First ends the processes that an earlier run left there.
   */
  static ClusterProcesses inPlayground(
      Launch launch, Path directory, RememberedPorts remembered, SecurityWish wish) {
    Supplier<ClusterPorts> ports =
        () -> {
          new RememberedSecurity(directory, wish).check();
          new PidFile(directory.resolve("pids")).endLeftOvers(directory.toString());
          return remembered.choose();
        };
    return begin(launch, new Place(directory, ports, wish), List.of(), null);
  }

  /** Where a cluster is, and how it is secured. */
  private record Place(Path directory, Supplier<ClusterPorts> ports, SecurityWish wish) {}

  private static ClusterProcesses begin(
      Launch launch, Place place, List<String> serverFlags, @Nullable Relays relays) {
    FolderLock lock = FolderLock.take(Folders.made(place.directory()));
    try {
      ClusterPorts ports = place.ports().get();
      ClusterSecurity security = ClusterSecurity.open(place.wish(), place.directory());
      return new ClusterProcesses(launch, lock, ports, security, place, serverFlags, relays);
    } catch (InstrumentFailure failed) {
      lock.close();
      throw failed;
    }
  }

  private ClusterProcesses(
      Launch launch,
      FolderLock lock,
      ClusterPorts ports,
      ClusterSecurity security,
      Place place,
      List<String> serverFlags,
      @Nullable Relays relays) {
    this.launch = launch;
    this.directory = place.directory();
    this.security = security;
    this.lock = lock;
    this.ports = ports;
    this.serverFlags = serverFlags;
    this.relays = relays;
    this.pids = new PidFile(directory.resolve("pids"));
    this.servers = new ChildProcess[ports.servers()];
    Runtime.getRuntime().addShutdownHook(lastResort);
    endpoints =
        IntStream.rangeClosed(1, ports.servers())
            .mapToObj(server -> PlainEndpoint.of(security, ports.client(server)))
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
      default -> "ended: " + Folders.lastLine(log("server-" + server));
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

  /** How the servers and the proxy are secured. */
  public ClusterSecurity security() {
    return security;
  }

  /** The client addresses of all servers. */
  public List<HostPort> clientAddresses() {
    return numbers().stream().map(server -> security.address(ports.client(server))).toList();
  }

  /** The address of the proxy. */
  public HostPort proxyAddress() {
    return security.address(ports.proxy());
  }

  /**
   * Makes the user root and puts users in force, if they were wished for. Waits for the servers.
   *
   * @throws InstrumentFailure when it does not succeed within a minute
   */
  public void awaitUsers() {
    RootUser.enable(clientAddresses(), security);
  }

  /** A line for each server, and for the proxy, that has ended; each has its last output. */
  public List<String> ended() {
    List<String> lines = new ArrayList<>();
    numbers().stream().filter(n -> !isAlive(n)).map(this::ended).forEach(lines::add);
    if (proxy != null && !proxy.isAlive()) {
      lines.add("the proxy ended: " + Folders.lastLine(log("proxy")));
    }
    return lines;
  }

  private String ended(int server) {
    return "server " + server + " ended: " + Folders.lastLine(log("server-" + server));
  }

  /** Throws {@link InstrumentFailure} when this server has ended. */
  public void requireAlive(int server) {
    if (!isAlive(server)) {
      throw new InstrumentFailure(ended(server));
    }
  }

  /** Throws {@link InstrumentFailure} when a server or the proxy has ended. */
  public void requireAlive() {
    List<String> ended = ended();
    if (!ended.isEmpty()) {
      throw new InstrumentFailure(ended.getFirst());
    }
  }

  /**
   * Waits until every server answers a linearizable read.
   *
   * @throws InstrumentFailure when one does not within a minute
   */
  public void awaitAnswers() {
    for (int server : numbers()) {
      Awaiting.until("server " + server + " answering", UP_LIMIT, () -> isReady(server));
    }
  }

  private boolean isReady(int server) {
    requireAlive();
    PlainEndpoint endpoint = endpoint(server);
    try {
      endpoint.get(ByteString.copyFromUtf8("ready"), false, ASK_LIMIT);
      return true;
    } catch (RequestFailed _) {
      endpoint.reconnect();
      return false;
    }
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

  private List<String> serverCommand(int server) {
    List<String> command = new ArrayList<>();
    command.add("server");
    command.add("--name=s" + server);
    command.add("--data-dir=" + directory.resolve("server-" + server));
    command.add("--listen-client-urls=" + url(ports.client(server)));
    command.add("--advertise-client-urls=" + url(ports.client(server)));
    command.add("--listen-peer-urls=" + url(ports.peer(server)));
    command.add("--initial-advertise-peer-urls=" + url(peerPort(server)));
    command.add("--initial-cluster=" + initialCluster());
    command.add("--exit-with-parent");
    if (!Launch.detaches()) {
      command.add("--ignore-interrupt");
    }
    command.addAll(security.serverFlags());
    command.addAll(serverFlags);
    return command;
  }

  private String url(int port) {
    return security.address(port).url();
  }

  private String initialCluster() {
    return numbers().stream()
        .map(server -> "s" + server + "=" + url(peerPort(server)))
        .collect(Collectors.joining(","));
  }

  /** The port at which peers connect to a server. */
  private int peerPort(int server) {
    return relays == null ? ports.peer(server) : relays.port(server);
  }

  /** The server whose process has the connection between two ports; 0 when it is not known. */
  private int ownerOf(int localPort, int remotePort) {
    List<Long> pids = new ArrayList<>();
    for (ChildProcess child : servers) {
      pids.add(child == null ? 0 : child.pid());
    }
    return 1 + SocketOwners.owner(pids, localPort, remotePort);
  }

  /** Starts the proxy, which has ended. */
  public void startProxy() {
    proxy = launchProxy();
    notePids();
  }

  private ChildProcess launchProxy() {
    List<String> command = new ArrayList<>();
    command.add("proxy");
    command.add("--endpoints=" + joined(clientAddresses()));
    command.add("--listen-addr=" + proxyAddress());
    command.addAll(security.proxyFlags());
    command.add("--exit-with-parent");
    if (!Launch.detaches()) {
      command.add("--ignore-interrupt");
    }
    return ChildProcess.start(launch, command, log("proxy"));
  }

  /** Without a scheme: the other flags say whether it is TLS. */
  private static String joined(List<HostPort> addresses) {
    return addresses.stream().map(HostPort::toString).collect(Collectors.joining(","));
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
    security.close();
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
