// The tables of docs/quantisation.md are what the program computes.

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <sstream>

#include "tests/support/real_nets.hpp"
#include "tests/support/support.hpp"
#include "workloads/fidelity.hpp"
#include "workloads/quantise.hpp"

using namespace eyrie;

namespace {

/// A shipped network with drawn parameters and inputs; what its last layer before a softmax makes.
class Study {
 public:
  explicit Study(const std::string& name)
      : file_{read_yaml<NetworkFile>(YamlDocument::from_file(test::source("configs/workloads/" + name + ".yaml")))},
        network_{Network::build(file_, 1)},
        real_{random_parameters(file_, 1)},
        calibration_{.batches = {}, .jobs = 2} {
    for (std::uint64_t seed = 1; seed <= 32; ++seed)
      calibration_.batches.push_back(test::normal_inputs(network_, seed));
    while (network_.layers()[last_].type == LayerType::Softmax) --last_;
    for (std::uint64_t seed = 101; seed <= 108; ++seed) {
      const auto inputs = test::normal_inputs(network_, seed);
      tests_.push_back({inputs, FloatPass{network_, real_, inputs}.output(last_)});
    }
  }

  [[nodiscard]] double sqnr(const WordPrecision& precision) const {
    PrecisionPlan plan;
    plan.all = precision;
    const auto model = quantised(network_, real_, calibration_, plan);
    Fidelity all;
    for (const auto& seen : tests_) {
      const auto data = bind(network_, model, seen.inputs);
      const ForwardPass words{network_, {}, 1, {.data = &data}};
      all = all.plus(fidelity(seen.output, decoded(words.output(last_), data.codes[last_])));
    }
    return all.sqnr_db().value_or(0);
  }

 private:
  NetworkFile file_;
  Network network_;
  Model real_;
  CalibrationInputs calibration_;
  struct Seen {
    RealInputs inputs;
    RealTensor output;
  };
  std::vector<Seen> tests_;
  std::size_t last_ = network_.layers().size() - 1;
};

struct Row {
  std::string name;
  std::vector<double> db;
};

/// Rows of the table whose first column is called `head`.
std::vector<Row> documented(const std::string& head) {
  std::istringstream text{test::read_file(test::source("docs/quantisation.md"))};
  std::vector<Row> rows;
  std::string line;
  while (std::getline(text, line) && line.rfind("| " + head + " |", 0) != 0) continue;
  std::getline(text, line);  // the rule below the head
  while (std::getline(text, line) && line.rfind("| ", 0) == 0) {
    std::istringstream cells{line.substr(2)};
    Row row;
    std::string cell;
    std::getline(cells, row.name, '|');
    row.name.pop_back();
    while (std::getline(cells, cell, '|'))
      if (!cell.empty()) row.db.push_back(std::stod(cell));
    rows.push_back(row);
  }
  return rows;
}

void check_rows(const std::string& head, const std::vector<Row>& measured) {
  std::string table;
  for (const auto& row : measured) {
    table += "| " + row.name + " |";
    for (const double v : row.db) table += fmt::format(" {:.1f} |", v);
    table += "\n";
  }
  const auto written = documented(head);
  INFO(table);
  CHECK(written.size() == measured.size());
  if (written.size() != measured.size()) return;
  for (std::size_t i = 0; i < written.size(); ++i) {
    CHECK(written[i].name == measured[i].name);
    REQUIRE(written[i].db.size() == measured[i].db.size());
    for (std::size_t k = 0; k < written[i].db.size(); ++k)
      CHECK(written[i].db[k] == Approx(measured[i].db[k]).margin(0.15));
  }
}

}  // namespace

TEST_CASE("the documented fidelities are what quantisation gives", "[paper][quantise]") {
  const Study nets[] = {Study{"lenet5"}, Study{"dscnn_kws"}, Study{"resnet8"}, Study{"kws_lstm_s"}};
  std::vector<Row> bits;
  for (const std::int64_t b : {16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1}) {
    Row row{.name = fmt::format("{}", b), .db = {}};
    for (const auto& net : nets) row.db.push_back(net.sqnr({.weights = Bits{b}, .activations = Bits{b}}));
    bits.push_back(row);
  }
  Row signs{.name = "1, activations 8", .db = {}};
  for (const auto& net : nets) signs.db.push_back(net.sqnr({.weights = Bits{1}, .activations = Bits{8}}));
  bits.push_back(signs);
  check_rows("bits", bits);

  std::vector<Row> rules;
  for (const auto range : {RangeRule::Max, RangeRule::Percentile, RangeRule::Mse})
    for (const bool per_channel : {false, true}) {
      Row row{.name = fmt::format("{}, per {}", name_of(range), per_channel ? "channel" : "layer"), .db = {}};
      for (const std::int64_t b : {8, 6, 4, 3})
        row.db.push_back(
            nets[2].sqnr({.weights = Bits{b}, .activations = Bits{b}, .per_channel = per_channel, .range = range}));
      rules.push_back(row);
    }
  check_rows("ranges", rules);
}
