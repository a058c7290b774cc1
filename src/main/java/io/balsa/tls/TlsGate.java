package io.balsa.tls;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the handshake of a connection from a client. It holds grpc-netty's start event
 * meanwhile, and adds to it what is known of the client.
 */
final class TlsGate extends ChannelInboundHandlerAdapter {
  /** A connection that is closed by this side waits so long until its last bytes are sent. */
  private static final long FAREWELL_MILLIS = 1_000;

  private final ServerTls tls;
  private final ChannelHandler next;
  private final Consumer<String> failed;
  private @Nullable SslHandler ssl;
  private ServerTls.@Nullable Current began;
  private @Nullable ProtocolNegotiationEvent start;
  private boolean over;

  TlsGate(ServerTls tls, ChannelHandler next, Consumer<String> failed) {
    this.tls = tls;
    this.next = next;
    this.failed = failed;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ServerTls.Current current = tls.current();
    began = current;
    SslHandler added =
        current
            .context()
            .newHandler(context.alloc(), tls.handshakes().workersFor(context.channel()));
    added.setHandshakeTimeoutMillis(tls.handshakeMillis());
    added.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS);
    ssl = added;
    tls.handshakes().begin(context.channel());
    context.pipeline().addBefore(context.name(), null, added);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (start == null && event instanceof ProtocolNegotiationEvent known) {
      start = known;
    } else if (event instanceof SslHandshakeCompletionEvent completion) {
      finish(context, completion);
    } else {
      super.userEventTriggered(context, event);
    }
  }

  private void finish(ChannelHandlerContext context, SslHandshakeCompletionEvent completion) {
    SslHandler handler = ssl;
    ServerTls.Current before = began;
    if (over || handler == null || before == null) {
      return;
    }
    over = true;
    tls.handshakes().end(context.channel());
    if (!completion.isSuccess()) {
      refuse(context, completion.cause());
      return;
    }
    SSLSession session = handler.engine().getSession();
    try {
      tls.opened(context.channel(), session, before);
    } catch (CertificateException
        | RuntimeException e) { // thread root: of one connection, which is refused
      refuse(context, e);
      return;
    }
    context.pipeline().addAfter(context.name(), null, next);
    if (start != null) {
      context.fireUserEventTriggered(with(session, start));
    }
    context.pipeline().remove(this);
  }

  private void refuse(ChannelHandlerContext context, Throwable cause) {
    failed.accept(TlsWords.of(cause));
    var _ = context.close();
  }

  private static ProtocolNegotiationEvent with(SSLSession session, ProtocolNegotiationEvent start) {
    Attributes.Builder attributes =
        InternalProtocolNegotiationEvent.getAttributes(start).toBuilder()
            .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session);
    X509Certificate[] chain = OpenConnections.chain(session);
    String name = chain.length == 0 ? null : CertificateHosts.commonName(chain[0]);
    if (name != null) {
      attributes.set(ClientCertificate.COMMON_NAME, name);
    }
    return InternalProtocolNegotiationEvent.withAttributes(start, attributes.build());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close(); // the end of the handshake has told the reason
  }
}
