package io.balsa.cli;

import io.balsa.bytes.HostPort;
import io.balsa.cli.settings.ConfiguredCommand;
import io.balsa.cli.settings.GivenSettings;
import io.balsa.cli.settings.TlsOptions;
import io.balsa.ctl.Addresses;
import io.balsa.ctl.BadInput;
import io.balsa.ctl.ClientTlsOptions;
import io.balsa.ctl.Ending;
import io.balsa.front.FrontFailure;
import io.balsa.front.TlsLog;
import io.balsa.logging.LogSettings;
import io.balsa.proxy.Proxy;
import io.balsa.proxy.ProxyConfig;
import io.balsa.routing.ReadPolicy;
import io.balsa.server.DescriptorShares;
import io.balsa.server.ExposedKeys;
import io.balsa.server.ServerFailure;
import io.balsa.server.TlsSettings;
import io.balsa.systemd.Supervisor;
import io.balsa.tls.ServerTls;
import io.balsa.tls.TlsFailure;
import io.balsa.tls.TlsSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a proxy in front of a cluster. */
@Command(
    name = "proxy",
    description = "Runs a proxy: writes go to the leader, reads to the followers.",
    footer = {
      "",
      "Variables: BALSA_ENDPOINTS for --endpoints, and so on. A flag wins over a variable.",
      "",
      "Examples:",
      "  balsa proxy --endpoints=10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379",
      "  balsa proxy --endpoints=127.0.0.1:2379 --listen-addr=127.0.0.1:23790"
    })
final class ProxyCommand extends ConfiguredCommand {
  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT,...",
      description = "the servers' client addresses (${DEFAULT-VALUE})")
  private String endpoints = "127.0.0.1:2379";

  @Option(
      names = "--listen-addr",
      paramLabel = "HOST:PORT",
      description = "where to listen (${DEFAULT-VALUE})")
  private String listen = "127.0.0.1:23790";

  @Option(
      names = "--advertise-client-url",
      paramLabel = "HOST:PORT",
      description = "the address shown in member lists (the listen address)")
  private @Nullable String advertise;

  @Option(
      names = "--read-policy",
      paramLabel = "POLICY",
      description = "where reads go: key, round-robin, nearest or leader (${DEFAULT-VALUE})")
  private String readPolicy = "key";

  @Option(
      names = "--max-response-bytes",
      paramLabel = "BYTES",
      description = "the largest answer to pass on (0: a sixteenth of the heap)")
  private int maxResponseBytes;

  @Mixin private TlsOptions tls = new TlsOptions();

  @Mixin private ClientTlsOptions upstream = new ClientTlsOptions();

  @Override
  protected List<String> prefixes() {
    return List.of("BALSA_");
  }

  @Override
  protected int run(GivenSettings given) throws FrontFailure, ServerFailure {
    LogSettings log = logSettings();
    List<HostPort> servers = upstream.addresses("--endpoints", endpoints);
    DescriptorShares shares = DescriptorShares.ofProxy(servers.size());
    ProxyConfig config = config(servers, shares.connections());
    Map<String, String> meant =
        maxResponseBytes == 0 ? Map.of("--max-response-bytes", "") : Map.of();
    ProcessLog.begin(log, "proxy", given.inForce(meant));
    if (shares.areFew()) {
      ProcessLog.FEW_FILES.log("shares", shares.line());
    }
    ProcessLog.warn(given.warnings());
    Ending ending = listenForTheEnd();
    Proxy proxy = Proxy.start(config);
    ProcessLog.PROXY_READY.log(
        "listen", listen, "endpoints", endpoints, "read-policy", config.readPolicy());
    Supervisor supervisor = Supervisor.of(System.getenv());
    supervisor.follow(new SupervisedProxy(listen, proxy));
    ending.await();
    supervisor.stopping();
    ProcessLog.STOPPING.log();
    proxy.stop();
    ProcessLog.STOPPED.log();
    return 0;
  }

  private static @Nullable ServerTls forClients(TlsSettings clients) throws TlsFailure {
    if (!clients.files().hasCertificate()) {
      return null;
    }
    ExposedKeys.warn(ExposedKeys.of(clients.files()));
    return ServerTls.of(TlsSource.open(clients.files(), new TlsLog("clients")), clients.rules());
  }

  private ProxyConfig config(List<HostPort> servers, int connections) {
    ReadPolicy policy =
        ReadPolicy.named(readPolicy)
            .orElseThrow(
                () ->
                    new BadInput(
                        "--read-policy: '%s' is not one of %s"
                            .formatted(readPolicy, Arrays.toString(ReadPolicy.values()))));
    List<String> advertised =
        advertise == null
            ? List.of()
            : List.of(Addresses.one("--advertise-client-url", advertise).url());
    TlsSettings clients = tls.settings();
    boolean secure = clients.files().hasCertificate();
    HostPort named = Addresses.one("--listen-addr", listen);
    HostPort at = HostPort.hasScheme(listen) ? named : named.secured(secure);
    if (at.isUnixSocket()) {
      throw new BadInput("--listen-addr: a proxy listens at HOST:PORT, not at " + at);
    }
    if (clients.auto()) {
      throw new BadInput("--auto-tls: a proxy has no place for a certificate; give --cert-file");
    }
    clients.checkFor("--listen-addr", at);
    try {
      return new ProxyConfig(
          servers,
          at,
          advertised,
          policy,
          maxResponseBytes,
          connections,
          forClients(clients),
          upstream.tls(new TlsLog("servers")));
    } catch (TlsFailure e) {
      throw new BadInput(e.line());
    } catch (IllegalArgumentException wrong) {
      throw new BadInput(String.valueOf(wrong.getMessage()));
    }
  }
}
