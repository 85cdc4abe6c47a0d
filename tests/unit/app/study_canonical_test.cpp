#include "app/study/canonical.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "app/study/point.hpp"
#include "app/trained.hpp"
#include "base/digest.hpp"
#include "base/quantities.hpp"
#include "base/yaml_node.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using Node = YamlDocument::Node;
using Texts = std::vector<std::string>;

const Catalogue& catalogue() {
  static const Catalogue all{EYRIE_BINARY};
  return all;
}

PreparedExperiment prepared(const Texts& overrides, const std::string& machine = "eyeriss_v1",
                            const std::string& network = "tiny") {
  PointTask t{.experiment = {}, .overrides = {"experiment.architecture=" + machine, "experiment.workload=" + network}};
  t.overrides.insert(t.overrides.end(), overrides.begin(), overrides.end());
  const auto asked = asked_of(t, catalogue());
  return prepare(asked.experiment, asked.overrides, catalogue());
}

std::string digest(const Texts& overrides, const std::string& machine = "eyeriss_v1",
                   const std::string& network = "tiny") {
  return digest_of(canonical_input(prepared(overrides, machine, network)));
}

/// The same document with the keys of all maps in the other order, and with comments.
std::string reordered(const Node& n) {
  switch (n.kind) {
    case Node::Kind::Map: {
      Texts all;
      for (const auto& e : n.entries) all.push_back(e.key + ": " + reordered(*e.value));
      std::ranges::reverse(all);
      return fmt::format("{{{}}}", fmt::join(all, ",  # a remark\n  "));
    }
    case Node::Kind::List: {
      Texts all;
      for (const auto& item : n.items) all.push_back(reordered(*item));
      return fmt::format("[{}]", fmt::join(all, ", "));
    }
    default:
      return n.quoted || n.text.find_first_of(",:{}[]#") != std::string::npos ? "\"" + n.text + "\"" : n.text;
  }
}

/// Numbers and switches of a document, by path.
void leaves(const Node& n, const std::string& path, std::map<std::string, std::string>& all) {
  for (const auto& e : n.entries) leaves(*e.value, path.empty() ? e.key : path + "." + e.key, all);
  for (std::size_t i = 0; i < n.items.size(); ++i) leaves(*n.items[i], fmt::format("{}.{}", path, i), all);
  if (n.kind == Node::Kind::Scalar && (parse_any_quantity(n.text) || n.text == "true" || n.text == "false"))
    all[path] = n.text;
}

/// Other values of a number or switch, near first.
Texts other_values(const std::string& text) {
  if (text == "true") return {"false"};
  if (text == "false") return {"true"};
  const auto q = *parse_any_quantity(text);
  const auto written = [&](double v) { return write_quantity(v, q.dimension); };
  Texts all{written(q.value + 1), written(q.value * 2), written(q.value / 2), written(q.value - 1)};
  std::erase_if(all, [&](const auto& t) { return t == text || parse_any_quantity(t)->value == q.value; });
  return all;
}

/// Changes each value of a document that can be changed alone; how many those were.
int change_each(const std::string& document, const std::string& text, const std::string& machine = "eyeriss_v1") {
  std::map<std::string, std::string> all;
  leaves(YamlDocument::from_text(text, "text").root(), "", all);
  const auto before = digest({}, machine);
  std::set<std::string> digests{before};
  int changed = 0;
  for (const auto& [path, value] : all)
    for (const auto& other : other_values(value)) {
      const auto change = document + "." + path + "=" + other;
      CAPTURE(change, value);
      std::string after;
      const auto wrong = test::errors_of([&] { after = digest({change}, machine); });
      if (!wrong.empty()) continue;  // it is impossible alone
      CHECK(after != before);
      CHECK(digests.insert(after).second);
      ++changed;
      break;
    }
  return changed;
}

}  // namespace

TEST_CASE("files that differ in comments and order are the same input", "[unit][app]") {
  const test::Folder folder;
  const auto before = digest({});
  CHECK(digest({}) == before);
  for (const auto& [shelf, name] : {std::pair{Shelf::Architectures, "eyeriss_v1"}, {Shelf::Workloads, "tiny"}}) {
    const auto text =
        test::read_file(test::source(std::string("configs/") + std::string(name_of(shelf)) + "/" + name + ".yaml"));
    const auto file = folder.write(std::string(name) + ".yaml",
                                   "# another file\n" + reordered(YamlDocument::from_text(text, "text").root()) + "\n");
    CAPTURE(file);
    CHECK(test::read_file(file) != text);
    CHECK((shelf == Shelf::Architectures ? digest({}, file) : digest({}, "eyeriss_v1", file)) == before);
  }
  auto p = prepared({});
  const auto written = write_yaml([&](Fields& f) { describe(f, p.architecture); });
  CHECK(digest({}, folder.write("written.yaml", written)) == before);
}

TEST_CASE("what compression makes of filters is part of the input", "[unit][app]") {
  const test::Folder folder;
  const auto tiny = test::read_file(test::source("configs/workloads/tiny.yaml"));
  std::set<std::string> met;
  for (const char* compression :
       {"", "compression: {prune: {share: 0.1}}\n", "compression: {prune: {share: 0.9}}\n",
        "compression: {share_weights: {bits: 4}}\n", "compression: {share_weights: {bits: 2}}\n"}) {
    CAPTURE(compression);
    CHECK(met.insert(digest({}, "eyeriss_v1", folder.write("tiny.yaml", tiny + compression))).second);
  }
}

TEST_CASE("all that a trained network computes with is part of the input", "[unit][app]") {
  auto p = prepared({"experiment.precision={weights: 8 b, activations: 8 b}"}, "eyeriss_v1", "lenet5_mnist");
  REQUIRE(p.trained);
  std::set<std::string> met{canonical_input(p)};
  const auto changes = [&](const auto& change) {
    auto t = std::make_shared<Trained>(*p.trained);
    change(*t);
    auto other = p;
    other.trained = t;
    CHECK(met.insert(canonical_input(other)).second);
  };
  changes([](Trained& t) { t.integer.codes.begin()->second.scale *= 2; });
  changes([](Trained& t) { t.integer.codes.begin()->second.zero_point += 1; });
  changes([](Trained& t) { t.integer.codes.rbegin()->second.most -= 1; });
  changes([](Trained& t) { t.integer.arithmetic = ModelArithmetic::Tflite; });
  changes([](Trained& t) { t.integer.parameters.begin()->second.integer.back() += 1; });
  changes([](Trained& t) { t.real.parameters.rbegin()->second.real.front() += 1; });
  changes([](Trained& t) { t.integer.network.layers.front().product_shift = 3; });
  changes([](Trained& t) { t.inputs.begin()->second.data().front() += 1; });
  changes([](Trained& t) { t.labels.push_back(7); });
}

TEST_CASE("what changes no figure changes no input", "[unit][app]") {
  const auto before = digest({});
  for (const char* o :
       {"experiment.name=other", "experiment.normalise=true", "experiment.stepping=cycle", "architecture.array.rows=12",
        "experiment.objective=energy", "experiment.seed=1", "experiment.batch=1"}) {
    CAPTURE(o);
    CHECK(digest({o}) == before);
  }
}

TEST_CASE("whatever is changed of what is asked makes another input", "[unit][app]") {
  const std::vector<Texts> all{{},
                               {"experiment.seed=2"},
                               {"experiment.batch=2"},
                               {"experiment.objective=cycles"},
                               {"experiment.objective=edp"},
                               {"experiment.search_limit=1000"},
                               {"experiment.dataflow=row_stationary"},
                               {"experiment.dataflow=weight_stationary"},
                               {"experiment.layers=[conv1]"},
                               {"experiment.layers=[conv1, fc3]"},
                               {"experiment.precision={weights: 8 b}"},
                               {"experiment.precision={activations: 8 b}"},
                               {"experiment.precision={weights: 8 b, packed: true}"},
                               {"experiment.precision={weights: 4 b}"},
                               {"experiment.precision={layers: [{layer: conv1, weights: 8 b}]}"},
                               {"experiment.precision={layers: [{layer: fc3, weights: 8 b}]}"},
                               {"dataflow.x=[P, M]"},
                               {"architecture.fallback=row_stationary"},
                               {"architecture.energy_table=generic_45nm"},
                               {"workload.layers.conv1.activation=none"}};
  std::map<std::string, Texts> met;
  for (const auto& overrides : all) {
    CAPTURE(overrides);
    const auto [at, fresh] = met.emplace(digest(overrides), overrides);
    CAPTURE(at->second);
    CHECK(fresh);
  }
  CHECK(canonical_data(prepared({"architecture.array.rows=6"})) == canonical_data(prepared({})));
  CHECK(canonical_data(prepared({"experiment.seed=2"})) != canonical_data(prepared({})));
}

TEST_CASE("every number and switch of a machine makes another input", "[unit][app]") {
  const test::Folder folder;
  for (const char* name : {"eyeriss_v1", "eyeriss_v1_sparse"}) {  // as they are, with what is left out
    auto p = prepared({}, name);
    const auto written = write_yaml([&](Fields& f) { describe(f, p.architecture); });
    CHECK(change_each("architecture", written, folder.write(std::string(name) + ".yaml", written)) >= 35);
  }
}

TEST_CASE("every number and switch of a network makes another input", "[unit][app]") {
  CHECK(change_each("workload", test::read_file(test::source("configs/workloads/tiny.yaml"))) >= 25);
}

TEST_CASE("every number and switch of an energy table makes another input", "[unit][app]") {
  CHECK(change_each("energy_table", test::read_file(test::source("configs/technologies/eyeriss_v1_65nm.yaml"))) >= 30);
}
