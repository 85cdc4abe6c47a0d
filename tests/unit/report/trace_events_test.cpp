#include "report/trace_events.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace eyrie;

TEST_CASE("a log keeps so many spans and counts the others", "[unit][report]") {
  RunLog log;
  log.limit = 2;
  for (std::int64_t k = 0; k < 5; ++k)
    log.keep(log.waits, WaitSpan{Cause::DramInput, Cycles{k}, Cycles{k + 1}, 1}, Cycles{k}, Cycles{k + 1});
  CHECK(log.waits.size() == 2);
  CHECK(log.left_out == 3);
  RunLog part;
  part.window = CycleWindow{Cycles{10}, Cycles{20}};
  for (std::int64_t k = 0; k < 30; k += 5)  // [0, 5), [5, 10), ...: those that touch cycles 10 to 20
    part.keep(part.waits, WaitSpan{Cause::DramInput, Cycles{k}, Cycles{k + 5}, 1}, Cycles{k}, Cycles{k + 5});
  CHECK(part.waits.size() == 3);
  CHECK(part.left_out == 0);
}

TEST_CASE("a trace says its unit, and of which layers it has the beginning only", "[unit][report]") {
  RunLog log;
  PassSpan pass{.number = 3, .from = Cycles{400}, .to = Cycles{500}, .way = PassWay::Replayed};
  pass.extent[Dim::M] = 16;
  log.passes.push_back(pass);
  log.moves.push_back({.tensor = Operand::Output,
                       .out = true,
                       .asked = Cycles{500},
                       .from = Cycles{520},
                       .to = Cycles{620},
                       .bytes = Bytes{64}});
  const auto text = trace_head(200e6, 50'000, {{"a", 0}, {"b \"c\"", 7}}) + trace_events(log, "b \"c\"", 2, 200e6) +
                    std::string(kTraceTail);
  const auto trace = nlohmann::json::parse(text);
  CHECK(trace["otherData"]["slices_left_out"] == nlohmann::json{{"b \"c\"", 7}});
  CHECK(trace["otherData"]["most_slices_a_layer"] == 50'000);
  std::vector<nlohmann::json> slices;
  for (const auto& e : trace["traceEvents"])
    if (e["ph"] == "X") slices.push_back(e);
  REQUIRE(slices.size() == 2);  // of the buffers none: nothing was read
  CHECK(slices[0]["ts"] == 2.0);
  CHECK(slices[0]["dur"] == 0.5);
  CHECK(slices[0]["args"]["advanced"] == "replay");
  CHECK(slices[0]["args"]["extent"] == nlohmann::json{{"M", 16}});
  CHECK(slices[1]["name"] == "output tile out");
  CHECK(slices[1]["args"]["bytes"] == 64);
}
