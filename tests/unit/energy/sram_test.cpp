#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "energy/sram.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

SramSweep sweep(const std::string& name) {
  return read_sram_sweep(YamlDocument::from_file(test::source("configs/technologies/cacti/cacti_" + name + ".yaml")));
}
const char* const kSweeps[] = {"65nm_lop", "65nm_hp", "45nm_lop", "45nm_hp",
                               "32nm_lop", "32nm_hp", "22nm_lop", "22nm_hp"};

/// Four macros of 64 b whose read energy doubles where capacity quadruples, and one of 32 b that costs half.
SramSweep made_up() {
  return read_sram_sweep(YamlDocument::from_text(R"(kind: sram_sweep
name: made_up
source: a test
confidence: assumed
cell: none
technology: 65 nm
voltage: 1.0 V
points:
- {capacity: 1 KiB, width: 64 b, read: 1 pJ, write: 2 pJ, leakage: 1 mW, area: 1 mm2, access: 1 ns, cycle: 1 ns}
- {capacity: 4 KiB, width: 64 b, read: 2 pJ, write: 4 pJ, leakage: 4 mW, area: 4 mm2, access: 1 ns, cycle: 1 ns}
- {capacity: 16 KiB, width: 64 b, read: 4 pJ, write: 8 pJ, leakage: 16 mW, area: 16 mm2, access: 1 ns, cycle: 1 ns}
- {capacity: 64 KiB, width: 64 b, read: 8 pJ, write: 16 pJ, leakage: 64 mW, area: 64 mm2, access: 1 ns, cycle: 1 ns}
- {capacity: 4 KiB, width: 32 b, read: 1 pJ, write: 2 pJ, leakage: 4 mW, area: 4 mm2, access: 1 ns, cycle: 1 ns}
)",
                                                 "s.yaml"));
}

}  // namespace

TEST_CASE("between macros of a power law there is the power law", "[unit][energy]") {
  const SramModel m{made_up()};
  const auto read = [&](std::int64_t bytes, std::int64_t bits) {
    return m.of(SramFigure::Read, Bytes{bytes}, Bits{bits}).value;
  };
  CHECK(read(4096, 64) == Approx(2));
  CHECK(read(2048, 64) == Approx(std::sqrt(2)));
  CHECK(read(4096, 32) == Approx(1));
  CHECK(read(16384, 32) == Approx(2));  // its factor holds at other capacities
  CHECK(read(65536 * 4, 64) == Approx(16));
  CHECK(read(256, 64) == Approx(0.5));
  CHECK(m.of(SramFigure::Leakage, Bytes{8192}, Bits{64}).value == Approx(8));
}

TEST_CASE("outside of a sweep is said, and less sure by the octave", "[unit][energy]") {
  const SramModel m{made_up()};
  const auto inside = m.of(SramFigure::Read, Bytes{8192}, Bits{64}),
             outside = m.of(SramFigure::Read, Bytes{65536 * 4}, Bits{64});
  CHECK_FALSE(inside.outside);
  CHECK(inside.within == Approx(1));  // left out, each is found again
  CHECK(outside.outside);
  CHECK(outside.within == Approx(2 * 1.21));  // the lone 32 b macro, left out, is off by 2
}

TEST_CASE("a wide port is several macros side by side", "[unit][energy]") {
  const SramModel m{made_up()};
  const auto four = m.of(SramFigure::Read, Bytes{16384}, Bits{256}),
             one = m.of(SramFigure::Read, Bytes{4096}, Bits{64});
  CHECK(four.macros == 4);
  CHECK(four.value == Approx(4 * one.value));
  CHECK(m.of(SramFigure::Area, Bytes{16384}, Bits{256}).value == Approx(4 * 4e6));
}

TEST_CASE("what no macro is near is refused", "[unit][energy]") {
  const SramModel m{made_up()};
  CHECK(test::errors_of([&] { (void)m.of(SramFigure::Read, Bytes{15}, Bits{8}); }) ==
        "error: made_up reaches no macro of 15 B; macros from 16 B to 4194304 B can be estimated");
  CHECK(test::errors_of([&] { (void)m.of(SramFigure::Read, Bytes{4194305}, Bits{64}); }) ==
        "error: made_up reaches no macro of 4194305 B; macros from 16 B to 4194304 B can be estimated");
  CHECK_NOTHROW(m.of(SramFigure::Read, Bytes{4194304}, Bits{64}));
}

TEST_CASE("the surface goes through every macro where they rise", "[unit][energy]") {
  for (const char* name : kSweeps) {
    const auto s = sweep(name);
    const SramModel m{s};
    int exact = 0;
    for (const auto& p : s.points) {
      const double ours = m.of(SramFigure::Read, p.capacity, p.width).value;
      CHECK(ours == Approx(p.read.count()).epsilon(0.2));
      exact += ours == Approx(p.read.count()).epsilon(1e-3) ? 1 : 0;
    }
    CAPTURE(name);
    CHECK(s.points.size() == 28);
    CHECK(exact >= 15);
  }
}

TEST_CASE("reads and writes rise with capacity and width, leakage and area with capacity", "[unit][energy]") {
  for (const char* name : kSweeps) {
    const SramModel m{sweep(name)};
    for (const auto figure : {SramFigure::Read, SramFigure::Write, SramFigure::Leakage, SramFigure::Area})
      for (double bits = 8; bits <= 256; bits *= 1.5) {
        double last = 0;
        for (double bytes = 128; bytes < 4e6; bytes *= 1.3) {
          const Bytes capacity{static_cast<std::int64_t>(bytes)};
          const Bits width{static_cast<std::int64_t>(bits)};
          const double now = m.of(figure, capacity, width).value;
          CAPTURE(name, name_of(figure), bytes, bits);
          CHECK(now >= last * (1 - 1e-12));
          last = now;
          if (figure == SramFigure::Read || figure == SramFigure::Write)
            CHECK(m.of(figure, capacity, Bits{width.count() + 1}).value >=
                  (width.count() < 256 ? now * (1 - 1e-12) : 0));
        }
      }
  }
}

TEST_CASE("interpolation knows a macro that it was not told of", "[unit][energy]") {
  for (const char* name : kSweeps) {
    CAPTURE(name);
    const auto read = leave_one_out(SramFigure::Read, sweep(name));
    CHECK(read.typical < 1.45);
    CHECK(read.worst < 2.15);
    CHECK(read.edge < 2.5);
    CHECK(leave_one_out(SramFigure::Leakage, sweep(name)).worst < 1.35);
    CHECK(leave_one_out(SramFigure::Area, sweep(name)).worst < 1.6);
  }
}

TEST_CASE("runs that are in no sweep lie within the interval", "[unit][energy]") {
  struct Run {
    const char* sweep;
    std::int64_t bytes, bits;
    double read, write, leakage;
  };
  for (const auto& r :
       {Run{"65nm_lop", 110592, 64, 27.15, 20.12, 3.13}, Run{"65nm_lop", 448, 16, 0.5704, 0.7823, 0.0197},
        Run{"65nm_hp", 448, 16, 0.9072, 1.397, 0.505}, Run{"65nm_hp", 110592, 64, 26.19, 58.53, 115.0}}) {
    const SramModel m{sweep(r.sweep)};
    const auto check = [&](SramFigure figure, double published) {
      const auto v = m.of(figure, Bytes{r.bytes}, Bits{r.bits});
      CAPTURE(r.sweep, r.bytes, name_of(figure), v.value, published);
      CHECK(std::abs(std::log(v.value / published)) <=
            std::log(v.within * 1.5));  // the tool against silicon is 1.5 more
    };
    check(SramFigure::Read, r.read);
    check(SramFigure::Leakage, r.leakage);
    if (std::string(r.sweep) == "65nm_lop") check(SramFigure::Write, r.write);
  }
}

TEST_CASE("the power law that was fitted to the sweeps before is less near than the surface", "[unit][energy]") {
  struct Fit {
    const char* sweep;
    double at_1kb, by_capacity, by_width, largest;
  };
  for (const auto& f : {Fit{"65nm_lop", 1.62, 0.577, 0.584, 0.40}, Fit{"65nm_hp", 2.74, 0.554, 0.499, 0.43},
                        Fit{"45nm_lop", 0.857, 0.562, 0.602, 0.42}, Fit{"45nm_hp", 1.64, 0.533, 0.525, 0.45},
                        Fit{"32nm_lop", 0.442, 0.561, 0.58, 0.33}, Fit{"32nm_hp", 0.887, 0.554, 0.474, 0.42},
                        Fit{"22nm_lop", 0.306, 0.558, 0.535, 0.30}, Fit{"22nm_hp", 0.452, 0.556, 0.502, 0.46}}) {
    const auto s = sweep(f.sweep);
    const SramModel m{s};
    double law = 0, surface = 0;
    for (const auto& p : s.points) {
      const double kb = static_cast<double>(p.capacity.count()) / 1024, bits = static_cast<double>(p.width.count());
      const double fitted = f.at_1kb * std::pow(kb, f.by_capacity) * std::pow(bits / 64, f.by_width);
      law = std::max(law, std::abs(fitted / p.read.count() - 1));
      surface = std::max(surface, std::abs(m.of(SramFigure::Read, p.capacity, p.width).value / p.read.count() - 1));
    }
    CAPTURE(f.sweep, law, surface);
    CHECK(law == Approx(f.largest).margin(0.02));
    CHECK(surface < law);
  }
}

TEST_CASE("all that is wrong in a sweep is said at once", "[unit][energy][config]") {
  const auto said = test::errors_of([] {
    (void)read_sram_sweep(YamlDocument::from_text(R"(kind: sram
name: s
source: a test
confidence: assumed
cell: none
technology: 65 nm
voltage: 1.0 V
points:
- {capacity: 1 KiB, width: 64 b, read: 1 pJ, write: 2 pJ, leakage: 1 mW, area: 1 mm2, access: 1 ns, cycle: 1 ns}
- {capacity: 1 KiB, width: 64 b, read: 1 pJ, write: 2 pJ, leakage: 1 mW, area: 1 mm2, access: 1 ns, cycle: 1 ns}
)",
                                                  "s.yaml"));
  });
  CHECK(said ==
        "s.yaml:1:7: error: kind is sram, and an SRAM sweep was wanted; write `kind: sram_sweep`\n"
        "s.yaml:9:1: error: s has no width with three capacities; give one width at three capacities at least, to "
        "interpolate along it and leave one out\n"
        "s.yaml:10:3: error: 1024 B x 64 b is there twice; keep one of the two");
}

TEST_CASE("the area up to a port rises with capacity and width, also where a macro more begins",
          "[unit][energy][area]") {
  for (const char* name : kSweeps) {
    const SramModel m{sweep(name)};
    const auto area = [&](double bytes, std::int64_t bits) {
      return m.area_up_to(Bytes{static_cast<std::int64_t>(bytes)}, Bits{bits}).first.value;
    };
    for (double bytes = 2048; bytes < 4e6; bytes *= 1.4) {
      double last = 0;
      for (std::int64_t bits = 4; bits < 1100; bits += bits < 40 ? 4 : 9) {
        CAPTURE(name, bytes, bits);
        const double now = area(bytes, bits);
        CHECK(now >= last);
        CHECK(now >=
              m.of(SramFigure::Area, Bytes{static_cast<std::int64_t>(bytes)}, Bits{std::max<std::int64_t>(16, bits)})
                  .value);
        CHECK(area(bytes * 1.4, bits) >= now * (1 - 1e-12));
        last = now;
      }
    }
    CHECK(m.area_up_to(Bytes{8192}, Bits{257}).second <= Bits{257});
  }
}
