// What coded filters take on the link, worked out by hand.

#include "sim/filter_code.hpp"

#include <catch2/catch.hpp>

using namespace eyrie;

namespace {

/// `filters` words of one input channel and tap, a column.
Tensor column(const std::vector<std::int16_t>& words) {
  Tensor t{Shape{std::ssize(words), 1, 1, 1}};
  t.data() = words;
  return t;
}

sim::Box whole(const LayerNest& l) {
  sim::Box box;
  box.extent = l.extent;
  return box;
}

LayerNest nest(std::int64_t filters) {
  LayerNest l;
  l.extent[Dim::M] = filters;
  return l;
}

RunLengthCode code(FilterCode filters) {
  RunLengthCode c;
  c.filters = filters;
  return c;
}

}  // namespace

TEST_CASE("a column of csc leaves the zeros at its end out, and cuts long runs", "[unit][sim]") {
  std::vector<std::int16_t> words(20);
  words[0] = 3;
  words[18] = 5;  // behind 17 zeros: 16 of them and a value of zero take one pair
  const auto l = nest(20);
  const auto c = code(FilterCode::Csc);
  const FilterCoder coder{c, Bits{16}, 0, {}};
  const auto pairs = coder.pairs(column(words), l, whole(l));
  CHECK(pairs.values == 3);
  CHECK(pairs.columns == 1);
  CHECK(coder.bytes(pairs) == Bytes{9});  // 3 x (16 + 4) + 7 = 67 b
  CHECK(coder.bytes(coder.pairs(column(std::vector<std::int16_t>(20)), l, whole(l))) == Bytes{1});
}

TEST_CASE("columns longer than a pointer reaches are cut", "[unit][sim]") {
  auto c = code(FilterCode::Csc);
  c.csc.pointer = Bits{3};
  const FilterCoder coder{c, Bits{16}, 0, {}};
  const auto l = nest(15);
  const auto pairs = coder.pairs(column(std::vector<std::int16_t>(15, 1)), l, whole(l));
  CHECK(pairs.columns == 3);  // 7 + 7 + 1
  CHECK(pairs.values == 15);
}

TEST_CASE("run lengths of filters are those of feature maps", "[unit][sim]") {
  std::vector<std::int16_t> words(40);
  words[39] = 7;
  const auto l = nest(40);
  const auto c = code(FilterCode::RunLength);
  const FilterCoder coder{c, Bits{16}, 0, {}};
  CHECK(coder.pairs(column(words), l, whole(l)).values == 2);  // (31, 0) and (7, 7)
  CHECK(coder.bytes({.values = 2}) == Bytes{8});
  CHECK(coder.bytes({.values = 4}) == Bytes{16});
}

TEST_CASE("indices of a codebook stand for values, and it comes once itself", "[unit][sim]") {
  for (const auto filters : {FilterCode::Plain, FilterCode::Csc, FilterCode::RunLength}) {
    auto c = code(filters);
    c.codebook = true;
    const FilterCoder shared{c, Bits{16}, 4, {}}, own{c, Bits{16}, 0, {}};
    CHECK(shared.codebook() == Bytes{32});
    CHECK(own.codebook() == Bytes{0});
    const FilterPairs pairs{.values = 21, .columns = 3};
    if (filters == FilterCode::Plain) {
      CHECK(shared.bytes(pairs) == Bytes{11});
      CHECK(own.bytes(pairs) == Bytes{42});
    } else if (filters == FilterCode::Csc) {
      CHECK(shared.bytes(pairs) == Bytes{24});  // 21 x (4 + 4) + 3 x 7 = 189 b
      CHECK(own.bytes(pairs) == Bytes{56});     // 21 x (16 + 4) + 3 x 7 = 441 b
    } else {
      CHECK(shared.bytes(pairs) == Bytes{24});  // (64 - 1) / (5 + 4) = 7 in a word
      CHECK(own.bytes(pairs) == Bytes{56});
    }
  }
}
