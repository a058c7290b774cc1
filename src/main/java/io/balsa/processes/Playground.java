package io.balsa.processes;

import com.google.protobuf.ByteString;
import io.balsa.bytes.HostPort;
import io.balsa.client.RequestFailed;
import io.balsa.proto.etcdserverpb.StatusResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Three servers and a proxy, to try things out. One directory has their data and their ports, so
 * that the next start finds both.
 */
public final class Playground implements AutoCloseable {
  private static final int SERVERS = 3;
  private static final Duration UP_LIMIT = Duration.ofSeconds(60);
  private static final Duration ASK_LIMIT = Duration.ofMillis(500);
  private static final Duration POLL_STEP = Duration.ofMillis(100);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

  private final ClusterProcesses cluster;
  private final StatusPoller poller;
  private final Consumer<String> lines;
  private final Workers watch;

  /** The servers whose end was told. */
  private final Set<Integer> ended = ConcurrentHashMap.newKeySet();

  /** The server that was last said to lead; 0 when it was said that nobody does. */
  private int leaderTold;

  private long termTold;

  private volatile boolean closed;

  /**
   * Where a playground is.
   *
   * @param directory for the data; made when missing
   * @param basePort the port of the proxy, see {@link ClusterPorts}; 0 for the ports of the last
   *     start, or free ones
   * @param wish how it is secured; as at the first start in the directory
   */
  public record Plan(Launch launch, Path directory, int basePort, SecurityWish wish) {
    /** Without TLS and users. */
    public Plan(Launch launch, Path directory, int basePort) {
      this(launch, directory, basePort, SecurityWish.NONE);
    }
  }

  /** An action on a server. */
  public enum Action {
    /** SIGKILL. */
    KILL,
    /** SIGTERM: the server transfers its leadership and ends. */
    STOP,
    /** Starts the server again. */
    START,
    /** SIGSTOP. */
    PAUSE,
    /** SIGCONT. */
    RESUME
  }

  private Playground(ClusterProcesses cluster, Consumer<String> lines) {
    this.cluster = cluster;
    this.lines = lines;
    cluster.onEnd(this::ended);
    poller = new StatusPoller(cluster, POLL_STEP, led -> leads(led.server(), led.term()));
    watch = Workers.start("watch-", 1, _ -> watch());
  }

  /**
   * Starts everything and returns once the proxy answers.
   *
   * @param lines gets a line for each event, from any thread, until the playground is closed
   * @throws InstrumentFailure when it cannot be started
   */
  public static Playground start(Plan plan, Consumer<String> lines) {
    Path directory = Folders.made(plan.directory()).toAbsolutePath().normalize();
    ClusterProcesses cluster =
        ClusterProcesses.inPlayground(
            plan.launch(),
            directory,
            new RememberedPorts(directory, plan.basePort(), SERVERS),
            plan.wish());
    Playground playground = new Playground(cluster, lines);
    try {
      playground.awaitUp();
      cluster.awaitUsers();
      playground.writeEnvironment();
      return playground;
    } catch (InstrumentFailure failed) {
      playground.close();
      throw failed;
    }
  }

  private void awaitUp() {
    ByteString key = ByteString.copyFromUtf8("playground");
    try (PlainEndpoint proxy = proxy()) {
      Awaiting.until(
          "the proxy answering; see the logs in " + cluster.directory(),
          UP_LIMIT,
          () -> {
            cluster.requireAlive();
            return answers(proxy, key);
          });
    }
  }

  private static boolean answers(PlainEndpoint proxy, ByteString key) {
    try {
      proxy.get(key, false, ASK_LIMIT);
      return true;
    } catch (RequestFailed _) {
      proxy.reconnect();
      return false;
    }
  }

  private void watch() {
    while (!closed) {
      OptionalInt leader = poller.leader();
      StatusResponse status = leader.isPresent() ? poller.status(leader.getAsInt()) : null;
      if (leader.isPresent() && status != null) {
        leadsAgain(leader.getAsInt(), status.getRaftTerm());
      } else if (endsAreTold()) {
        nobodyLeadsNow();
      }
      Awaiting.pause(POLL_STEP);
    }
  }

  /** A leader that was cut off may be followed again in the same term. */
  private synchronized void leadsAgain(int server, long term) {
    if (leaderTold == 0 && cluster.isAlive(server)) {
      leads(server, term);
    }
  }

  private synchronized void nobodyLeadsNow() {
    if (leaderTold != 0 && poller.nobodyLeads(leaderTold)) {
      nobodyLeads();
    }
  }

  /** Whether a line was printed for each server that has ended: it comes before what follows. */
  private boolean endsAreTold() {
    return cluster.numbers().stream()
        .allMatch(server -> cluster.isAlive(server) || ended.contains(server));
  }

  private synchronized void ended(int server, String line) {
    lines.accept("server " + server + " " + line);
    ended.add(server);
    if (leaderTold == server) {
      nobodyLeads();
    }
  }

  private synchronized void leads(int server, long term) {
    if (leaderTold != server || termTold != term) {
      lines.accept("server " + server + " leads, term " + term);
      leaderTold = server;
      termTold = term;
    }
  }

  private synchronized void nobodyLeads() {
    if (leaderTold != 0) {
      leaderTold = 0;
      lines.accept("nobody leads");
    }
  }

  private ClientEnvironment environment() {
    return ClientEnvironment.of(cluster.security(), cluster.proxyAddress());
  }

  private void writeEnvironment() {
    if (isSecured()) {
      environment().write(environmentFile());
    }
  }

  /** Whether clients need more than an address. */
  public boolean isSecured() {
    return !cluster.security().wish().equals(SecurityWish.NONE);
  }

  /**
   * The file that a shell reads to reach a secured cluster, for its owner alone: endpoint,
   * certificates, user and password, as variables of etcdctl.
   */
  public Path environmentFile() {
    return cluster.directory().resolve("client.env");
  }

  /** The line for a shell that reads this file. */
  public String environmentLine() {
    String file = environmentFile().toString();
    boolean plain = file.matches("[A-Za-z0-9/._-]+");
    return ". " + (plain ? file : ClientEnvironment.quoted(file));
  }

  /**
   * The options of a client command that reaches the cluster, with their values; they hold the
   * password of root.
   */
  public Map<String, String> clientOptions() {
    return environment().options();
  }

  /** The address of the proxy. */
  public String proxyAddress() {
    return shown(cluster.proxyAddress());
  }

  /** The client addresses of the servers, separated by commas. */
  public String serverAddresses() {
    return cluster.clientAddresses().stream()
        .map(Playground::shown)
        .collect(Collectors.joining(","));
  }

  private static String shown(HostPort address) {
    return address.isSecure() ? address.url() : address.toString();
  }

  /** An endpoint of the proxy, for root if there are users. The caller closes it. */
  public PlainEndpoint proxy() {
    return PlainEndpoint.of(cluster.security(), cluster.ports().proxy());
  }

  /** The number of servers; they are numbered from 1. */
  public int size() {
    return cluster.size();
  }

  /** The folder with data and logs. */
  public Path directory() {
    return cluster.directory();
  }

  /**
   * Carries out an action on a server.
   *
   * @param server its number; empty for the leader
   * @throws InstrumentFailure when there is no such server, or the action does not fit its state
   */
  public void act(Action action, OptionalInt server) {
    int number = server.isPresent() ? server.getAsInt() : leader();
    if (number < 1 || number > size()) {
      throw new InstrumentFailure("there is no server " + number + ", only 1 to " + size());
    }
    if ((action == Action.START) == cluster.isAlive(number)) {
      throw new InstrumentFailure(
          "server " + number + (action == Action.START ? " runs already" : " does not run"));
    }
    switch (action) {
      case KILL -> cluster.child(number).kill();
      case STOP -> stop(number);
      case START -> {
        ended.remove(number);
        cluster.start(number);
      }
      case PAUSE -> cluster.child(number).pause();
      case RESUME -> cluster.child(number).resume();
    }
    switch (action) {
      case START -> lines.accept("server " + number + " is started");
      case PAUSE -> lines.accept("server " + number + " is paused");
      case RESUME -> lines.accept("server " + number + " is resumed");
      case KILL, STOP -> {} // its end makes a line
    }
  }

  /** A server that is paused does not end before it is resumed. */
  private void stop(int server) {
    cluster.child(server).stop();
    if (!cluster.child(server).awaitEnd(STOP_LIMIT)) {
      throw new InstrumentFailure(
          "server %1$d has not stopped yet; if it is paused, 'resume %1$d' lets it, and 'kill %1$d' ends it at once"
              .formatted(server));
    }
  }

  private synchronized int leader() {
    if (leaderTold == 0) {
      throw new InstrumentFailure("there is no leader");
    }
    return leaderTold;
  }

  /** Ends all servers and the proxy: by SIGTERM, and after 6 s by SIGKILL. */
  @Override
  public void close() {
    closed = true;
    watch.join();
    poller.close();
    cluster.onEnd((_, _) -> {});
    cluster.close();
  }
}
