package io.balsa.api;

import com.google.protobuf.ByteString;
import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.WatchCreateRequest;
import io.balsa.proto.etcdserverpb.WatchCreateRequest.FilterType;
import io.balsa.proto.etcdserverpb.WatchGrpc;
import io.balsa.rpc.CallHeaders;
import io.balsa.watch.WatchRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;

/**
 * etcd's Watch. Many streams share the bytes of a response, so the method has a marshaller of its
 * own.
 */
final class WatchService {
  private final Node node;
  private final CallMetrics metrics;
  private final WatchMetrics counts;
  private final WatchEncoder encoder;

  WatchService(
      Node node, ToProto toProto, CallMetrics metrics, WatchMetrics counts, int maxRequestBytes) {
    this.node = node;
    this.metrics = metrics;
    this.counts = counts;
    int messageBytes = maxRequestBytes + ProtocolLimits.GRPC_OVERHEAD_BYTES;
    this.encoder = new WatchEncoder(toProto, node::term, messageBytes);
  }

  ServerServiceDefinition define() {
    MethodDescriptor<io.balsa.proto.etcdserverpb.WatchRequest, List<WatchMessage>> method =
        WatchGrpc.getWatchMethod().toBuilder(
                WatchGrpc.getWatchMethod().getRequestMarshaller(), WatchMessage.MARSHALLER)
            .build();
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(WatchGrpc.SERVICE_NAME)
            .setSchemaDescriptor(WatchGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(method)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(
            method,
            (call, metadata) -> {
              boolean tellsTotal = "1".equals(metadata.get(CallHeaders.WHOLE_BYTES));
              WatchCall watch =
                  new WatchCall(call, Share.current(), encoder, metrics, counts, tellsTotal);
              watch.begin(node);
              return watch;
            })
        .build();
  }

  static WatchRequest request(WatchCreateRequest request) {
    return new WatchRequest(
        bytes(request.getKey()),
        bytes(request.getRangeEnd()),
        request.getStartRevision(),
        request.getWatchId(),
        request.getPrevKv(),
        request.getFiltersList().contains(FilterType.NOPUT),
        request.getFiltersList().contains(FilterType.NODELETE),
        request.getProgressNotify(),
        request.getFragment());
  }

  private static Bytes bytes(ByteString string) {
    return Bytes.wrap(string.toByteArray());
  }
}
