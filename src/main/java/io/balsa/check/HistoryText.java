package io.balsa.check;

import io.balsa.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The line form of a history: {@code process called returned key request -> answer}. */
final class HistoryText {
  static final String HEADER = "# process called returned key request -> answer";

  private HistoryText() {}

  static String line(Operation operation) {
    String returned = operation.isCertain() ? Long.toString(operation.returned()) : "?";
    return "%d %d %s %s %s -> %s"
        .formatted(
            operation.process(),
            operation.called(),
            returned,
            QuotedBytes.quote(operation.key()),
            request(operation.request()),
            answer(operation.answer()));
  }

  private static String request(KeyRequest request) {
    return switch (request) {
      case KeyRequest.Put put -> "put " + QuotedBytes.quote(put.value());
      case KeyRequest.Get _ -> "get";
      case KeyRequest.Delete _ -> "delete";
      case KeyRequest.Cas cas ->
          "cas " + orNothing(cas.expected()) + " " + QuotedBytes.quote(cas.value());
      case KeyRequest.Append append -> "append " + QuotedBytes.quote(append.value());
    };
  }

  private static String orNothing(@Nullable Bytes value) {
    return value == null ? "nothing" : QuotedBytes.quote(value);
  }

  private static String answer(Answer answer) {
    return switch (answer) {
      case Answer.Unknown _ -> "unknown";
      case Answer.Done done -> "done" + field("revision", done.revision());
      case Answer.Found found ->
          "found "
              + QuotedBytes.quote(found.value())
              + field("create", found.createRevision())
              + field("mod", found.modRevision())
              + field("version", found.version())
              + field("revision", found.revision());
      case Answer.Nothing nothing -> "nothing" + field("revision", nothing.revision());
      case Answer.Deleted deleted ->
          (deleted.existed() ? "deleted" : "not-deleted") + field("revision", deleted.revision());
      case Answer.Swapped swapped ->
          (swapped.swapped() ? "swapped" : "not-swapped") + field("revision", swapped.revision());
    };
  }

  private static String field(String name, long value) {
    return value == 0 ? "" : " " + name + "=" + value;
  }

  static History parse(List<String> lines) {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        operations.add(operation(line, i + 1));
      }
    }
    return new History(operations);
  }

  private static Operation operation(String line, int number) {
    try {
      Tokens in = new Tokens(QuotedBytes.split(line));
      int process = Integer.parseInt(in.next());
      long called = Long.parseLong(in.next());
      String returned = in.next();
      Bytes key = QuotedBytes.unquote(in.next());
      KeyRequest request = request(in);
      in.expect("->");
      Answer answer = answer(in);
      return new Operation(
          process,
          key,
          request,
          answer,
          called,
          returned.equals("?") ? Operation.NEVER : Long.parseLong(returned));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "line " + number + " of the history is not an operation: " + e.getMessage(), e);
    }
  }

  private static KeyRequest request(Tokens in) {
    String verb = in.next();
    return switch (verb) {
      case "put" -> new KeyRequest.Put(QuotedBytes.unquote(in.next()));
      case "get" -> new KeyRequest.Get();
      case "delete" -> new KeyRequest.Delete();
      case "cas" -> {
        String expected = in.next();
        yield new KeyRequest.Cas(
            expected.equals("nothing") ? null : QuotedBytes.unquote(expected),
            QuotedBytes.unquote(in.next()));
      }
      case "append" -> new KeyRequest.Append(QuotedBytes.unquote(in.next()));
      default -> throw new IllegalArgumentException("unknown request " + verb);
    };
  }

  private static Answer answer(Tokens in) {
    String verb = in.next();
    return switch (verb) {
      case "unknown" -> new Answer.Unknown();
      case "done" -> new Answer.Done(in.field("revision"));
      case "found" ->
          new Answer.Found(
              QuotedBytes.unquote(in.next()),
              in.field("create"),
              in.field("mod"),
              in.field("version"),
              in.field("revision"));
      case "nothing" -> new Answer.Nothing(in.field("revision"));
      case "deleted" -> new Answer.Deleted(true, in.field("revision"));
      case "not-deleted" -> new Answer.Deleted(false, in.field("revision"));
      case "swapped" -> new Answer.Swapped(true, in.field("revision"));
      case "not-swapped" -> new Answer.Swapped(false, in.field("revision"));
      default -> throw new IllegalArgumentException("unknown answer " + verb);
    };
  }

  /** The words of a line, read one after the other. */
  private static final class Tokens {
    private final List<String> tokens;
    private int at;

    Tokens(List<String> tokens) {
      this.tokens = tokens;
    }

    String next() {
      if (at == tokens.size()) {
        throw new IllegalArgumentException("the line is too short");
      }
      return tokens.get(at++);
    }

    void expect(String word) {
      String found = next();
      if (!found.equals(word)) {
        throw new IllegalArgumentException("expected " + word + ", found " + found);
      }
    }

    /** Reads the next word if it is {@code name=number}, and returns the number; otherwise 0. */
    long field(String name) {
      if (at == tokens.size() || !tokens.get(at).startsWith(name + "=")) {
        return 0;
      }
      return Long.parseLong(tokens.get(at++).substring(name.length() + 1));
    }
  }
}
