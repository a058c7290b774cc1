package io.balsa.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A block of a PEM file (RFC 7468). */
final class PemText {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private final String label;
  private final boolean encrypted;
  private final byte[] der;

  private PemText(String label, boolean encrypted, byte[] der) {
    this.label = label;
    this.encrypted = encrypted;
    this.der = der;
  }

  /** What stands behind BEGIN. */
  String label() {
    return label;
  }

  /** Whether headers say that it needs a password. */
  boolean isEncrypted() {
    return encrypted;
  }

  /** The bytes; empty for an encrypted block. */
  byte[] der() {
    return der.clone();
  }

  /**
   * Reads all blocks. Text around them is skipped.
   *
   * @throws IllegalArgumentException with words for the operator if a block is malformed
   */
  static List<PemText> blocks(byte[] file) {
    List<PemText> blocks = new ArrayList<>();
    StringBuilder base64 = new StringBuilder();
    String label = "";
    boolean encrypted = false;
    for (String whole : new String(file, ISO_8859_1).split("\n", -1)) {
      String line = whole.strip();
      if (line.startsWith(BEGIN)) {
        label = line.substring(BEGIN.length()).replaceFirst("-+$", "");
        base64.setLength(0);
        encrypted = false;
      } else if (line.startsWith(END) && !label.isEmpty()) {
        if (!line.equals(END + label + DASHES)) {
          throw new IllegalArgumentException("the end of the block " + label + " is missing");
        }
        byte[] der = encrypted ? new byte[0] : decode(label, base64.toString());
        blocks.add(new PemText(label, encrypted, der));
        label = "";
      } else if (line.contains(":")) {
        encrypted |= line.contains("ENCRYPTED");
      } else if (!label.isEmpty()) {
        base64.append(line);
      }
    }
    if (!label.isEmpty()) {
      throw new IllegalArgumentException("the end of the block " + label + " is missing");
    }
    return blocks;
  }

  private static byte[] decode(String label, String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the block " + label + " is no base64", e);
    }
  }
}
