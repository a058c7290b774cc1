package io.balsa.front;

import com.google.gson.JsonObject;

/** The JSON document of etcd's page {@code /health}. */
public final class HealthDocument {
  private HealthDocument() {}

  /**
   * The page as etcd sends it: 200, or 503 and the reason. Its type is plain text.
   *
   * @param reason why the server is not healthy; empty if it is
   */
  public static HttpResponse answer(String reason) {
    return reason.isEmpty()
        ? HttpResponse.text(200, of(reason))
        : HttpResponse.text(503, of(reason) + "\n");
  }

  /**
   * The document, without a line end.
   *
   * @param reason why the server is not healthy; empty if it is
   */
  static String of(String reason) {
    JsonObject document = new JsonObject();
    document.addProperty("health", String.valueOf(reason.isEmpty()));
    document.addProperty("reason", reason);
    return document.toString();
  }
}
