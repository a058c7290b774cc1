package io.balsa.front;

import io.balsa.tls.ServerTls;
import io.grpc.ServerServiceDefinition;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FrontServer} serves at some addresses.
 *
 * @param places where to listen; for port 0 the system chooses a free one
 * @param services the gRPC services; none refuses every call
 * @param routes the HTTP/1.1 paths
 */
public record FrontPort(
    List<Place> places, List<ServerServiceDefinition> services, HttpRoutes routes) {
  /** Copies the lists. */
  public FrontPort {
    places = List.copyOf(places);
    services = List.copyOf(services);
  }

  /**
   * An address to listen at.
   *
   * @param address an internet address, or the path of a Unix socket
   * @param tls null for none
   */
  public record Place(SocketAddress address, @Nullable ServerTls tls) {
    /** An address without TLS. */
    public static Place plain(SocketAddress address) {
      return new Place(address, null);
    }

    private boolean isUnixSocket() {
      return address instanceof UnixDomainSocketAddress;
    }
  }

  /**
   * The places in their order, in groups that one listener can serve: a Unix socket alone, and
   * neighbours with the same TLS or with none.
   */
  List<List<Place>> groups() {
    List<List<Place>> groups = new ArrayList<>();
    for (Place place : places) {
      Place before = groups.isEmpty() ? null : groups.getLast().getLast();
      if (before == null
          || before.isUnixSocket()
          || place.isUnixSocket()
          || before.tls() != place.tls()) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(place);
    }
    return groups;
  }
}
