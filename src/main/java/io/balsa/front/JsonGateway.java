package io.balsa.front;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * etcd's JSON gateway: turns {@code POST /v3/…} into a call of a gRPC service of the port.
 *
 * <p>64-bit numbers are strings, bytes are base64, names are those of the proto, zero fields are
 * left out and unknown ones ignored. An error is {@code {"code":…,"message":…}} with the HTTP
 * status of its code, as in etcd 3.6. A stream has lines of {@code {"result":…}}.
 */
public final class JsonGateway implements HttpHandler {
  /** The gateway answers the paths below this one. */
  public static final String PATH = "/v3/";

  /** The old name of {@link #PATH}. */
  public static final String OLD_PATH = "/v3beta/";

  private static final String JSON = "application/json";

  /**
   * Escapes {@code <}, {@code >}, {@code &}, {@code =} and {@code '}, as protobuf's printer does.
   */
  private static final Gson GSON = new Gson();

  private static final String METADATA_PREFIX = "grpc-metadata-";

  private final JsonFormat.Parser parser = JsonFormat.parser().ignoringUnknownFields();
  private final JsonFormat.Printer printer =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private final Map<String, Target<?, ?>> targets = new HashMap<>();
  private final List<ServerStreamTracer.Factory> tracers;

  /**
   * @param services the services that it calls; a path whose service is missing is 404
   * @param tracers observe every call
   */
  public JsonGateway(
      List<ServerServiceDefinition> services, List<ServerStreamTracer.Factory> tracers) {
    this.tracers = List.copyOf(tracers);
    Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    for (ServerServiceDefinition service : services) {
      service
          .getMethods()
          .forEach(m -> methods.put(m.getMethodDescriptor().getFullMethodName(), m));
    }
    GatewayPaths.all()
        .forEach(
            (path, rpc) -> {
              ServerMethodDefinition<?, ?> method = methods.get(rpc.getFullMethodName());
              if (method != null) {
                targets.put(path, new Target<>(rpc, method));
              }
            });
  }

  /** An RPC with the messages of the proto, and its method, whose messages may be plain bytes. */
  private record Target<Q, A>(MethodDescriptor<?, ?> rpc, ServerMethodDefinition<Q, A> method) {
    Message.Builder request() {
      return ((Message) prototype(rpc.getRequestMarshaller()).getMessagePrototype())
          .newBuilderForType();
    }

    Q served(Message request) {
      return method.getMethodDescriptor().parseRequest(request.toByteString().newInput());
    }

    Message answer(A served) {
      InputStream bytes = method.getMethodDescriptor().streamResponse(served);
      return (Message) rpc.parseResponse(bytes);
    }

    private static PrototypeMarshaller<?> prototype(MethodDescriptor.Marshaller<?> marshaller) {
      Check.that(marshaller instanceof PrototypeMarshaller, "a generated method has prototypes");
      return (PrototypeMarshaller<?>) marshaller;
    }
  }

  @Override
  public void answer(HttpRequest request, Consumer<HttpResponse> done) {
    answer(request, new WholeExchange(done));
  }

  @Override
  public void answer(HttpRequest request, HttpExchange exchange) {
    Consumer<HttpResponse> done = exchange::send;
    String prefix = request.path().startsWith(OLD_PATH) ? OLD_PATH : PATH;
    Target<?, ?> target = targets.get(request.path().substring(prefix.length()));
    if (target == null) {
      done.accept(error(Status.NOT_FOUND.withDescription("Not Found")));
    } else if (!request.method().equals("POST")) {
      done.accept(error(Status.UNIMPLEMENTED.withDescription("Method Not Allowed")));
    } else if (target.rpc().getType() != MethodType.UNARY) {
      stream(target, request, exchange);
    } else {
      call(target, request, exchange);
    }
  }

  /** The body has all requests of the client, one after the other. */
  private <Q, A> void stream(Target<Q, A> target, HttpRequest request, HttpExchange exchange) {
    exchange.keepsRequest();
    Requests<Q> requests = new Requests<>(target, new JsonBodies(request.body()));
    try {
      requests.readFirst();
    } catch (InvalidProtocolBufferException e) {
      exchange.send(error(malformed(e)));
      return;
    }
    new GatewayStream<>(
            target.method().getMethodDescriptor(),
            exchange,
            answer -> line(target.answer(answer)),
            JsonGateway::errorLine)
        .start(target.method().getServerCallHandler(), requests, tracers, metadata(request));
  }

  /**
   * The requests of a stream. The first one is read before the call, so a malformed one starts no
   * call.
   */
  private final class Requests<Q> implements GatewayStream.Requests<Q> {
    private final Target<Q, ?> target;
    private final JsonBodies bodies;
    private @Nullable Q first;

    Requests(Target<Q, ?> target, JsonBodies bodies) {
      this.target = target;
      this.bodies = bodies;
    }

    void readFirst() throws InvalidProtocolBufferException {
      first = bodies.hasNext() ? read() : null;
    }

    @Override
    public boolean hasNext() {
      return first != null || bodies.hasNext();
    }

    @Override
    public Q next() throws InvalidProtocolBufferException {
      Q read = first;
      first = null;
      return read == null ? read() : read;
    }

    private Q read() throws InvalidProtocolBufferException {
      return JsonGateway.this.read(target, bodies.next());
    }
  }

  private <Q> Q read(Target<Q, ?> target, String json) throws InvalidProtocolBufferException {
    Message.Builder message = target.request();
    if (!json.isBlank()) {
      parser.merge(JsonSyntax.first(json, message), message);
    }
    return target.served(message.build());
  }

  private <Q, A> void call(Target<Q, A> target, HttpRequest request, HttpExchange exchange) {
    Q message;
    try {
      message = read(target, request.body().utf8());
    } catch (InvalidProtocolBufferException e) {
      exchange.send(error(malformed(e)));
      return;
    }
    GatewayCall<Q, A> call =
        new GatewayCall<>(
            target.method().getMethodDescriptor(), tracers, metadata(request), exchange.client());
    call.start(
        target.method().getServerCallHandler(),
        message,
        exchange.share(),
        (status, answer) -> exchange.send(respond(target, status, answer)));
    exchange.whenGone(call::cancel);
  }

  /** The parser's message, without the names of its classes. */
  static Status malformed(InvalidProtocolBufferException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    String line = message.lines().findFirst().orElse("");
    return Status.INVALID_ARGUMENT.withDescription(
        "malformed JSON: " + line.replaceFirst("^[\\w.]+Exception: ", ""));
  }

  private static Metadata metadata(HttpRequest request) {
    Metadata metadata = new Metadata();
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (name.equals("authorization")) {
                put(metadata, name, value);
              } else if (name.startsWith(METADATA_PREFIX) && !name.endsWith("-bin")) {
                put(metadata, name.substring(METADATA_PREFIX.length()), value);
              }
            });
    return metadata;
  }

  private static void put(Metadata metadata, String name, String value) {
    if (!name.isEmpty()) {
      metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }

  private <Q, A> HttpResponse respond(Target<Q, A> target, Status status, List<A> answers) {
    if (!status.isOk() || answers.isEmpty()) {
      return error(status);
    }
    Message answer = target.answer(answers.getFirst());
    return new HttpResponse(200, JSON, Map.of(), print(answer, text(answer)).bytes());
  }

  private static HttpResponse error(Status status) {
    return HttpResponse.json(httpStatus(status.getCode()), GSON.toJson(document(status)));
  }

  private static Bytes errorLine(Status status) {
    JsonObject line = new JsonObject();
    line.add("error", document(status));
    return Bytes.utf8(GSON.toJson(line) + "\n");
  }

  /** The answer to a request that may not be made. */
  static HttpResponse refused(String text) {
    return error(Status.PERMISSION_DENIED.withDescription(text));
  }

  private static JsonObject document(Status status) {
    JsonObject document = new JsonObject();
    document.addProperty("code", status.getCode().value());
    String text = status.getDescription();
    document.addProperty("message", text == null ? "" : text);
    return document;
  }

  /** One answer of a stream. protobuf prints it into the line, so there is no second copy. */
  private Bytes line(Message answer) {
    Utf8Text text = text(answer);
    try (JsonWriter line = new JsonWriter(text)) {
      line.beginObject().name("result").jsonValue(""); // writes the name; the value follows
      print(answer, text);
      line.endObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes every text", e);
    }
    return text.append("\n").bytes();
  }

  /** An empty text with space for a document: base64 makes bytes a third longer. */
  private static Utf8Text text(Message answer) {
    return new Utf8Text(answer.getSerializedSize() / 2 * 3 + 256);
  }

  private Utf8Text print(Message message, Utf8Text text) {
    try {
      printer.appendTo(message, text);
      return text;
    } catch (IOException e) {
      throw new IllegalStateException("a message without Any prints as JSON", e);
    }
  }

  /** The HTTP status of a gRPC code, as grpc-gateway gives it. */
  static int httpStatus(Code code) {
    return switch (code) {
      case OK -> 200;
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case DEADLINE_EXCEEDED -> 504;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case PERMISSION_DENIED -> 403;
      case UNAUTHENTICATED -> 401;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
