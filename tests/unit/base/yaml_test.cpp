#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json_schema.hpp"
#include "base/random.hpp"
#include "base/yaml.hpp"
#include "base/yaml_node.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

enum class Colour { Red, Blue };

struct Part {
  std::string name;
  std::int64_t depth = 1;
  Bits width{16};
};
void describe(Fields& f, Part& p) {
  f.about("a part");
  f.required("name", p.name, "its name");
  f.required("depth", p.depth, "words", AtLeast(1));
  f.optional("width", p.width, "of a word", Between(2, 64));
}

struct Thing {
  std::string title;
  Bytes capacity{};
  Hertz clock{};
  bool gating = false;
  double share = 0.5;
  Colour colour = Colour::Red;
  std::optional<std::int64_t> seed;
  std::vector<std::int64_t> numbers;
  std::vector<Part> parts;
  std::int64_t round = 0, square = 0;
  std::size_t shape = 0;
};

}  // namespace

template <>
struct eyrie::names<Colour> {
  static constexpr Name<Colour> table[] = {{"red", Colour::Red, "of fire"}, {"blue", Colour::Blue}};
};

namespace {

void describe(Fields& f, Thing& t) {
  f.about("a thing");
  f.required("title", t.title, "what it is");
  f.required("capacity", t.capacity, "all of it", AtLeast(1));
  f.optional("clock", t.clock, "its clock", Positive());
  f.optional("gating", t.gating, "or not");
  f.optional("share", t.share, "a share", Between(0, 1));
  f.optional("colour", t.colour, "its colour");
  f.optional("seed", t.seed, "of random data");
  f.optional("numbers", t.numbers, "some numbers", AtLeast(0));
  f.optional("parts", t.parts, "some parts");
  const std::vector<Fields::Alternative> shapes{
      {"circle", "round", [&t](Fields& g) { g.required("radius", t.round, "its radius"); }},
      {"box", "square", [&t](Fields& g) { g.optional("side", t.square, "its side"); }}};
  f.choice("shape", "what it looks like", t.shape, shapes);
}

Thing read(const std::string& text) { return read_yaml<Thing>(YamlDocument::from_text(text, "t.yaml")); }
std::string wrong(const std::string& text) {
  return test::errors_of([&] { read(text); });
}

const std::string kGood =
    "title: a thing\ncapacity: 108 KiB\nclock: 200 MHz\ngating: true\nshare: 0.25\ncolour: blue\nseed: 7\nnumbers: [1, "
    "2, 3]\n"
    "parts:\n- {name: one, depth: 4}\n- {name: two, depth: 5, width: 8 b}\nshape: circle\nradius: 3\n";

}  // namespace

TEST_CASE("a good file is read with its units", "[unit][base]") {
  const Thing t = read(kGood);
  CHECK(t.capacity == Bytes{108 * 1024});
  CHECK(t.clock == Hertz{200e6});
  CHECK(t.colour == Colour::Blue);
  CHECK(t.seed == 7);
  CHECK(t.numbers == std::vector<std::int64_t>{1, 2, 3});
  REQUIRE(t.parts.size() == 2);
  CHECK(t.parts[0].width == Bits{16});
  CHECK(t.parts[1].width == Bits{8});
  CHECK(t.round == 3);
}

TEST_CASE("what is wrong is said with its place and its remedy", "[unit][base]") {
  const std::string head = "title: x\ncapacity: 4 B\nshape: box\n";
  using Row = std::pair<std::string, std::string>;
  const auto [text, error] = GENERATE_COPY(
      Row{head + "share: 2\n", "t.yaml:4:8: error: share is 2; it must be at most 1"},
      Row{head + "share: much\n", "t.yaml:4:8: error: share is \"much\"; it must be a number"},
      Row{head + "seed: 1.5\n", "t.yaml:4:7: error: seed is 1.5; it must be a whole number"},
      Row{head + "seed: 0x10\n", "t.yaml:4:7: error: seed is \"0x10\"; it must be a whole number"},
      Row{head + "seed: \"12\"\n", "t.yaml:4:7: error: seed is the text \"12\"; it must be a whole number"},
      Row{head + "seed: 99999999999999999999\n",
          "t.yaml:4:7: error: seed is 99999999999999999999; it must be a whole number"},
      Row{head + "seed:\n", "t.yaml:4:1: error: seed is empty; give a value or leave the key out"},
      Row{head + "gating: yes\n", "t.yaml:4:9: error: gating is \"yes\"; it must be true or false"},
      Row{head + "colour: bleu\n", "t.yaml:4:9: error: colour is \"bleu\"; did you mean blue?"},
      Row{head + "colour: octarine\n", "t.yaml:4:9: error: colour is \"octarine\"; known are red, blue"},
      Row{head + "numbers: 3\n", "t.yaml:4:10: error: numbers is 3; it must be a list"},
      Row{head + "numbers: [1, x]\n", "t.yaml:4:14: error: numbers[1] is \"x\"; it must be a whole number"},
      Row{head + "numbers: [1, -1]\n", "t.yaml:4:14: error: numbers[1] is -1; it must be at least 0"},
      Row{head + "parts: [4]\n", "t.yaml:4:9: error: parts[0] is 4; it must be a map"},
      Row{head + "parts:\n- {name: one, depth: 0}\n",
          "t.yaml:5:22: error: parts[one].depth is 0; it must be at least 1"},
      Row{head + "parts:\n- {name: one, dept: 1}\n",
          "t.yaml:5:3: error: parts[one] misses the key depth; words\nt.yaml:5:15: error: parts[one] has no key dept; "
          "did you mean depth?"},
      Row{head + "wings: 2\n",
          "t.yaml:4:1: error: the file has no key wings; known keys are title, capacity, clock, gating, share, colour, "
          "seed, numbers, parts, shape, side"},
      Row{head + "radius: 2\n",
          "t.yaml:4:1: error: the file has no key radius; known keys are title, capacity, clock, gating, share, "
          "colour, seed, numbers, parts, shape, side"},
      Row{head + "clock: 0 Hz\n", "t.yaml:4:8: error: clock is 0 Hz; it must be more than 0 Hz"},
      Row{"title: x\ncapacity: 108\nshape: box\n",
          "t.yaml:2:11: error: capacity is 108, without a unit; write it like \"108 KiB\" (B, KiB, MiB, GiB, kB, MB, "
          "GB)"},
      Row{"title: x\ncapacity: 108 KiBs\nshape: box\n",
          "t.yaml:2:11: error: capacity is \"108 KiBs\", which has no known unit; write it like \"108 KiB\" (B, KiB, "
          "MiB, GiB, kB, MB, GB)"},
      Row{"title: x\ncapacity: 1.5 B\nshape: box\n",
          "t.yaml:2:11: error: capacity is \"1.5 B\", which is no whole number of B; write it like \"108 KiB\""},
      Row{"title: x\ncapacity: big\nshape: box\n",
          "t.yaml:2:11: error: capacity is \"big\", which is no quantity; write it like \"108 KiB\" (B, KiB, MiB, GiB, "
          "kB, MB, GB)"},
      Row{"title: x\ncapacity: [1]\nshape: box\n",
          "t.yaml:2:11: error: capacity is a list; it must be a quantity like \"108 KiB\""},
      Row{"capacity: 4 B\nshape: box\n", "t.yaml:1:1: error: the file misses the key title; what it is"},
      Row{"title: x\ncapacity: 4 B\n", "t.yaml:1:1: error: the file misses the key shape; what it looks like"},
      Row{"title: x\ncapacity: 4 B\nshape: bix\n", "t.yaml:3:8: error: shape is \"bix\"; did you mean box?"},
      Row{"title: x\ncapacity: 4 B\nshape: circle\n", "t.yaml:1:1: error: the file misses the key radius; its radius"},
      Row{"- 1\n- 2\n", "t.yaml:1:1: error: the file holds no map; write `key: value` lines"});
  CAPTURE(text);
  CHECK(wrong(text) == error);
}

TEST_CASE("all that is wrong in a file is said at once, in its order", "[unit][base]") {
  CHECK(wrong("title: x\nshare: 3\ncapacity: 4\nshape: box\nzzz: 1\n") ==
        "t.yaml:2:8: error: share is 3; it must be at most 1\n"
        "t.yaml:3:11: error: capacity is 4, without a unit; write it like \"108 KiB\" (B, KiB, MiB, GiB, kB, MB, GB)\n"
        "t.yaml:5:1: error: the file has no key zzz; known keys are title, capacity, clock, gating, share, colour, "
        "seed, numbers, parts, shape, side");
}

TEST_CASE("tags are in the tree, for other programs' files; a described struct refuses each", "[unit][base]") {
  const auto document = YamlDocument::from_text("a: !Component {b: 1}\nc: [!x 2]\n", "t.yaml");
  CHECK(document.root().find("a")->value->tag == "!Component");
  CHECK(document.root().find("c")->value->items.front()->tag == "!x");
  CHECK(wrong("title: !t x\nshare: !s 3\n") ==
        "t.yaml:1:8: error: the tag !t is not read; leave it out\nt.yaml:2:8: error: the tag !s is not read; leave it "
        "out");
  CHECK(wrong("!k a: 1\n") == "t.yaml:1:1: error: the tag !k is not read; leave it out");
}

TEST_CASE("text that is no plain YAML is refused with its place", "[unit][base]") {
  CHECK(wrong("") == "t.yaml: error: the file is empty; write `key: value` lines");
  CHECK(wrong("a: 1\na: 2\n") == "t.yaml:2:1: error: the key a stands here again; it stood in line 1 first; keep one");
  CHECK(wrong("a: &x 1\nb: *x\n").starts_with("t.yaml:1:"));
  CHECK(wrong("a: !!int 1\n").starts_with("t.yaml:1:4: error: the tag"));
  CHECK(wrong("a: 1\n--- \nb: 2\n").starts_with("t.yaml:"));
  CHECK(wrong("a: [1, 2\n").starts_with("t.yaml:"));
  CHECK(wrong("a: \"x\n").starts_with("t.yaml:"));
  CHECK(wrong("a: b: c\n").starts_with("t.yaml:1:"));
  CHECK(wrong(std::string("a: 1\n\0\n", 7)) == "t.yaml:2:1: error: this is no UTF-8 text; give a YAML file");
  CHECK(wrong("a: \xff\xfe\n") == "t.yaml:1:4: error: this is no UTF-8 text; give a YAML file");
  CHECK(wrong("a: " + std::string(5000, '[') + std::string(5000, ']')).find("nested deeper than 100") !=
        std::string::npos);
  CHECK(wrong(std::string(200000, '[')).starts_with("t.yaml:1:"));
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(wrong(deep).find("nested deeper than 100") != std::string::npos);
}

TEST_CASE("a missing file is named with its nearest neighbour", "[unit][base]") {
  const test::Folder folder;
  folder.write("machine.yaml", "a: 1\n");
  CHECK(test::errors_of([&] { YamlDocument::from_file(folder.path() + "/machin.yaml"); }) ==
        folder.path() + "/machin.yaml: error: there is no such file; did you mean " + folder.path() + "/machine.yaml?");
  CHECK(test::errors_of([&] { YamlDocument::from_file(folder.path()); }) ==
        folder.path() + ": error: this is no file; name a YAML file");
}

TEST_CASE("overrides replace and add values, and their errors name them", "[unit][base]") {
  auto document = YamlDocument::from_text(kGood, "t.yaml");
  document.apply(parse_override("capacity=2 MiB"));
  document.apply(parse_override("parts.two.depth=9"));
  document.apply(parse_override("parts.0.width=4 b"));
  const Thing t = read_yaml<Thing>(document);
  CHECK(t.capacity == Bytes{2 << 20});
  CHECK(t.parts[1].depth == 9);
  CHECK(t.parts[0].width == Bits{4});
  document.apply(parse_override("share=7"));
  CHECK(test::errors_of([&] { read_yaml<Thing>(document); }) == "--set share: error: share is 7; it must be at most 1");
  CHECK(test::errors_of([&] { document.apply(parse_override("part.two.depth=9")); }) ==
        "--set part.two.depth: error: there is no part in t.yaml; did you mean parts?");
  CHECK(test::errors_of([&] { parse_override("depth"); }) ==
        "--set: error: depth is no path=value; write it like array.rows=16");
}

TEST_CASE("what is written reads back to the same", "[unit][base]") {
  Thing t = read(kGood);
  t.title = "odd: \"text\" # here";
  t.share = 1.0 / 3;
  const auto write = [](Thing& x) { return write_yaml([&](Fields& f) { describe(f, x); }); };
  const auto text = write(t);
  Thing again = read(text);
  CHECK(again.title == t.title);
  CHECK(again.share == t.share);
  CHECK(write(again) == text);
  CHECK(text.find("capacity: 108 KiB\n") != std::string::npos);
  CHECK(text.find("clock: 200 MHz\n") != std::string::npos);
  for (const char* odd : {"null", "Null", "NULL", "~", "a\rb", "\r"}) {
    t.title = odd;
    CHECK(read(write(t)).title == odd);
  }
}

TEST_CASE("the schema comes from the same description", "[unit][base]") {
  const auto schema = nlohmann::json::parse(json_schema_of<Thing>("thing"));
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  REQUIRE(schema["oneOf"].size() == 2);
  const auto& circle = schema["oneOf"][0];
  CHECK(circle["properties"]["shape"]["const"] == "circle");
  CHECK(circle["additionalProperties"] == false);
  CHECK(circle["properties"]["colour"]["enum"] == nlohmann::json({"red", "blue"}));
  CHECK(circle["properties"]["colour"]["description"] == "its colour\nred: of fire");
  CHECK(circle["properties"]["parts"]["items"]["properties"]["depth"]["minimum"] == 1);
  CHECK(circle["required"] == nlohmann::json({"title", "capacity", "shape", "radius"}));
  CHECK(schema["oneOf"][1]["required"] == nlohmann::json({"title", "capacity", "shape"}));
}

TEST_CASE("a broken file never does more than say so", "[unit][base]") {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    Random random{seed, "mutation"};
    std::string text = kGood;
    for (auto n = random.between(1, 6); n > 0; --n) {
      const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(text.size()) - 1));
      switch (random.between(0, 3)) {
        case 0:
          text[at] = static_cast<char>(random.between(0, 255));
          break;
        case 1:
          text.erase(at, static_cast<std::size_t>(random.between(1, 20)));
          break;
        case 2:
          text.insert(at, std::string(1, "{}[]:-&*!|>'\"\n\t #,"[random.between(0, 17)]));
          break;
        default:
          text = text.substr(0, at + 1);
          break;
      }
      if (text.empty()) text = "x";
    }
    try {
      read(text);
    } catch (const InputError& e) {
      CHECK_FALSE(e.diagnostics().empty());
      CHECK(e.diagnostics()[0].place.file == "t.yaml");
    }
  }
}
