package io.balsa.ctl;

import io.balsa.forms.RawText;
import java.io.IOException;
import java.nio.charset.Charset;

/** Words of a command that this program starts. */
public final class ProcessWords {
  private ProcessWords() {}

  /** Why a program of this name did not start. Java's message has its own exception in it. */
  public static BadInput notStarted(String program, IOException why) {
    String message = String.valueOf(why.getMessage());
    String reason = message.replaceFirst("(?s).*\\((.*)\\)\\s*$", "$1").strip();
    return new BadInput(
        message.contains("No such file")
            ? "COMMAND: there is no program '" + program + "'"
            : "COMMAND: '" + program + "' cannot be run: " + reason);
  }

  /**
   * Java encodes the words of a new process by the locale, and puts ? for what it cannot.
   *
   * @param word text as {@link RawText} has it
   * @throws BadInput when the process would get another word
   */
  public static void refuseAltered(String word) {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    if (!charset.newEncoder().canEncode(word)) {
      throw new BadInput(
          "COMMAND: it cannot get a word that this locale (%s) cannot write; set LC_ALL=C.UTF-8, and use no other bytes than UTF-8"
              .formatted(charset.name()));
    }
  }
}
