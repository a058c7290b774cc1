package io.balsa.host;

import io.balsa.bytes.Bytes;
import io.balsa.tls.ClientCertificate;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a link that the peer opened, over a connection that {@link Strangers} accepted.
 *
 * @param demandsHosts whether the peer's certificate must name a host of the member that it claims
 *     to be
 */
record AcceptedCall(ServerCall<Bytes, Bytes> call, Strangers strangers, boolean demandsHosts)
    implements GrpcLink.Stream {
  @Override
  public @Nullable String unproved(List<String> hosts) {
    return demandsHosts ? ClientCertificate.missingHost(call.getAttributes(), hosts) : null;
  }

  @Override
  public void known() {
    Attributes of = call.getAttributes();
    strangers.known(
        of.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR), of.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public void send(Bytes frame) {
    call.sendMessage(frame);
  }

  @Override
  public void finish() {
    call.close(Status.OK, new Metadata());
  }

  /** Listens to the call. */
  static final class Events extends ServerCall.Listener<Bytes> {
    private final GrpcLink link;

    Events(GrpcLink link) {
      this.link = link;
    }

    @Override
    public void onMessage(Bytes frame) {
      link.received(frame);
    }

    @Override
    public void onReady() {
      link.pass();
    }

    @Override
    public void onHalfClose() {
      link.ended("closed by the peer");
    }

    @Override
    public void onCancel() {
      link.ended("the connection broke");
    }
  }
}
