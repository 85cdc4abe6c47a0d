#include "app/validate/tolerance.hpp"

#include <catch2/catch.hpp>

using namespace eyrie;

TEST_CASE("what a tolerance allows ends where it says", "[unit][app]") {
  struct Case {
    const char* text;
    double published, inside, outside;
  };
  const auto c = GENERATE(values<Case>({{"exact", 168, 168, 168.0001},
                                        {"exact", 0, 0, 1e-300},
                                        {"5 %", 200, 210, 210.001},
                                        {"5%", 200, 190, 189.999},
                                        {"5 %", -200, -190, -211},
                                        {"0.05", 18.5, 18.55, 18.5501},
                                        {"0.3 % or 0.0004", 0.01, 0.0104, 0.01041},
                                        {"0.3 % or 0.0004", 1, 1.003, 1.00301},
                                        {"factor 2", 10, 20, 20.001},
                                        {"factor 2", 10, 5, 4.999},
                                        {"factor 2", 10, 5, -10}}));
  CAPTURE(c.text, c.published);
  const auto t = parse_tolerance(c.text);
  REQUIRE(t);
  CHECK(t->allows(c.published, c.published));
  CHECK(t->allows(c.published, c.inside));
  CHECK_FALSE(t->allows(c.published, c.outside));
}

TEST_CASE("what is only shown is never outside", "[unit][app]") {
  const auto t = parse_tolerance("shown");
  REQUIRE(t);
  CHECK(t->shown);
  CHECK(t->allows(1, 1000));
}

TEST_CASE("no figure is inside no tolerance", "[unit][app]") {
  CHECK_FALSE(parse_tolerance("factor 2")->allows(1, std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(parse_tolerance("5 %")->allows(1, std::numeric_limits<double>::infinity()));
}

TEST_CASE("what is no tolerance is none", "[unit][app]") {
  for (const char* text : {"", "5 percent", "%", "-5 %", "0", "factor", "factor 0.5", "factor 2 %", "5 % or", "or",
                           "exact or maybe", "nan"})
    CHECK_FALSE(parse_tolerance(text));
}
