package io.balsa.front;

import com.google.gson.JsonObject;

/** The JSON document of etcd's page {@code /health}. */
public final class HealthDocument {
  private HealthDocument() {}

  /**
   * The document, without a line end.
   *
   * @param reason why the server is not healthy; empty if it is
   */
  public static String of(String reason) {
    JsonObject document = new JsonObject();
    document.addProperty("health", String.valueOf(reason.isEmpty()));
    document.addProperty("reason", reason);
    return document.toString();
  }
}
