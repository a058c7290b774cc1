package io.balsa.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import java.util.Locale;

/** Correct and incorrect JSON requests, as a person types them. */
final class JsonDice implements RandomSteps {
  private static final List<String> METHODS = List.of("GET", "PUT", "DELETE", "HEAD", "PATCH");
  private static final List<String> ODD_PATHS =
      List.of("kv", "kv/", "kv/nothing", "range", "kv/range/", "kv/Range", "../v3/kv/rangee", "x");
  private static final List<String> ODD_BODIES =
      List.of("{}", "", " ", "[]", "\"x\"", "7", "{", "}", "{\"key\"}", "nonsense", "{}{}");
  private static final List<String> ODD_FIELDS =
      List.of(
          "\"unknown\":7",
          "\"unknown\":{\"a\":[1,null]}",
          "\"key\":null",
          "\"key\":7",
          "\"key\":\"%%%\"",
          "\"key\":\"YQ==\"",
          "\"key\":\"/+8=\"",
          "\"key\":true",
          "\"limit\":\"1\"",
          "\"limit\":1",
          "\"limit\":1.5",
          "\"limit\":\"\"",
          "\"limit\":9223372036854775807",
          "\"limit\":9223372036854775808",
          "\"limit\":\"-9223372036854775808\"",
          "\"limit\":true",
          "\"limit\":null",
          "\"serializable\":true",
          "\"serializable\":1",
          "\"serializable\":null",
          "\"sort_order\":\"DESCEND\"",
          "\"sort_order\":2",
          "\"sortOrder\":\"DESCEND\"",
          "\"sort_target\":\"MOD\"",
          "\"sort_target\":3",
          "\"rangeEnd\":\"AA==\"",
          "\"range_end\":\"AA==\"",
          "\"RANGE_END\":\"AA==\"",
          "\"lease\":\"0\"",
          "\"lease\":12345",
          "\"lease\":-1",
          "\"prev_kv\":true",
          "\"prevKv\":true",
          "\"compare\":{}",
          "\"compare\":[]",
          "\"compare\":[{}]",
          "\"success\":[{}]",
          "\"success\":[{\"request_put\":{}}]",
          "\"revision\":\"x\"",
          "\"revision\":-1");

  private final Die die;
  private final StepDice requests;
  private final LeaseDice leases;

  JsonDice(Reference etcd, long seed) {
    die = new Die(seed);
    requests = new StepDice(etcd, seed);
    leases = new LeaseDice(etcd, seed);
  }

  @Override
  public void saw(Step step, String answer) {
    requests.saw(step, answer);
  }

  @Override
  public Step next() {
    Step.Call call = call();
    if (die.chance(20) || call.rpc().streams()) {
      return new Step.Call(true, call.rpc(), call.request());
    }
    String path = call.rpc().path;
    if (die.chance(4)) {
      return new Step.Typed("POST", die.one(ODD_PATHS), "{}");
    }
    if (die.chance(4)) {
      return new Step.Typed(die.one(METHODS), path, "");
    }
    if (die.chance(4)) {
      return new Step.Typed("POST", "/v3beta/" + path, json(call));
    }
    if (die.chance(4)) {
      return new Step.Typed("POST", path + die.one(List.of("?", "?limit=1", "?x=y")), json(call));
    }
    if (die.chance(8)) {
      return new Step.Typed("POST", path, die.one(ODD_BODIES));
    }
    return new Step.Typed("POST", path, changed(json(call)));
  }

  private Step.Call call() {
    while (true) {
      Step step = die.chance(75) ? requests.next() : leases.next();
      if (step instanceof Step.Call call
          && call.rpc() != Rpc.TIME_TO_LIVE
          && call.rpc() != Rpc.LEASES
          && call.rpc() != Rpc.HASH_KV
          && call.rpc() != Rpc.RANGE_STREAM) {
        return call;
      }
    }
  }

  private String json(Step.Call call) {
    JsonFormat.Printer printer = JsonFormat.printer();
    if (die.chance(60)) {
      printer = printer.preservingProtoFieldNames();
    }
    if (die.chance(30)) {
      printer = printer.printingEnumsAsInts();
    }
    if (die.chance(20)) {
      printer = printer.alwaysPrintFieldsWithNoPresence();
    }
    if (die.chance(70)) {
      printer = printer.omittingInsignificantWhitespace();
    }
    try {
      return printer.print(call.request());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a request prints as JSON", e);
    }
  }

  private String changed(String json) {
    return switch (die.upTo(10)) {
      case 0 -> json.replaceAll("\"(-?\\d+)\"", "$1");
      case 1 -> json.substring(0, die.upTo(json.length() + 1));
      case 2 -> json + die.one(List.of("\n", " ", "x", "}", "{}", ","));
      case 3 -> json.replace(":", " :\n");
      case 4 -> "[" + json + "]";
      case 5 -> json.replace('"', '\'');
      case 6, 7, 8 -> with(json, die.one(ODD_FIELDS));
      default -> json;
    };
  }

  /** No field comes twice: etcd 3.4 takes the last one, 3.6 refuses the request. */
  private static String with(String json, String field) {
    String name = field.substring(0, field.indexOf(':')).replace("_", "").toLowerCase(Locale.ROOT);
    if (json.toLowerCase(Locale.ROOT).replace("_", "").contains(name)) {
      return json;
    }
    int end = json.lastIndexOf('}');
    boolean empty = json.substring(0, end).strip().equals("{");
    return json.substring(0, end) + (empty ? "" : ",") + field + "}";
  }
}
