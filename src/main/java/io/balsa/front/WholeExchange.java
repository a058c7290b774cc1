package io.balsa.front;

import io.balsa.budget.Share;
import io.balsa.bytes.Bytes;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the pieces of an answer for a receiver of whole answers. */
final class WholeExchange implements HttpExchange {
  private final Consumer<HttpResponse> done;
  private int status;
  private String contentType = "";
  private Bytes body = Bytes.EMPTY;

  WholeExchange(Consumer<HttpResponse> done) {
    this.done = done;
  }

  @Override
  public Share share() {
    return Share.UNBOUNDED;
  }

  @Override
  public @Nullable SocketAddress client() {
    return null;
  }

  @Override
  public void keepsRequest() {
    // the request is not counted
  }

  @Override
  public void send(HttpResponse response) {
    done.accept(response);
  }

  @Override
  public void begin(int beginStatus, String type) {
    status = beginStatus;
    contentType = type;
  }

  @Override
  public void write(Bytes piece) {
    body = body.concat(piece);
  }

  @Override
  public void end() {
    done.accept(new HttpResponse(status, contentType, Map.of(), body));
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void whenReady(Runnable task) {
    // there is always room
  }

  @Override
  public void later(Runnable task) {
    task.run();
  }

  @Override
  public void whenGone(Runnable task) {
    // the receiver does not go
  }
}
