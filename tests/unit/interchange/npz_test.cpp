#include <catch2/catch.hpp>
#include <cstdlib>

#include "interchange/npz.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const NumpyArrays kArrays{{"c1/weight", {{2, 1, 1, 2}, std::vector<std::int8_t>{1, -2, 3, -128}}},
                          {"c1/bias", {{2}, std::vector<std::int32_t>{70000, -5}}},
                          {"/odd name", {{}, std::vector<float>{0.5F}}}};

}  // namespace

TEST_CASE("arrays come back from an archive as they were", "[unit][interchange]") {
  const test::Folder folder;
  write_npz_file(folder.path() + "/a.npz", kArrays);
  CHECK(read_npz_file(folder.path() + "/a.npz") == kArrays);
  write_npz_file(folder.path() + "/none.npz", {});
  CHECK(read_npz_file(folder.path() + "/none.npz").empty());
}

TEST_CASE("the same arrays are the same bytes, at any time and in any time zone", "[unit][interchange]") {
  const test::Folder folder;
  write_npz_file(folder.path() + "/a.npz", kArrays);
  const char* before = std::getenv("TZ");
  const std::string zone = before ? before : "";
  for (const char* other : {"Asia/Tokyo", "America/New_York", "UTC"}) {
    setenv("TZ", other, 1);
    tzset();
    write_npz_file(folder.path() + "/b.npz", kArrays);
    CHECK(test::read_file(folder.path() + "/a.npz") == test::read_file(folder.path() + "/b.npz"));
  }
  before ? setenv("TZ", zone.c_str(), 1) : unsetenv("TZ");
  tzset();
}

TEST_CASE("an archive that NumPy deflated is read", "[unit][interchange]") {
  const auto arrays = read_npz_file(test::source("configs/inputs/digits_256.npz"));
  CHECK(arrays.at("images").shape == std::vector<std::int64_t>{256, 32, 32});
  CHECK(arrays.at("images").type() == "u1");
  CHECK(arrays.at("labels").shape == std::vector<std::int64_t>{256});
  CHECK(test::read_file(test::source("configs/inputs/digits_256.npz")).size() < 256 * 32 * 32 / 4);
}

TEST_CASE("what is no archive of arrays is refused", "[unit][interchange]") {
  const test::Folder folder;
  const auto wrong = [](const std::string& path) { return test::errors_of([&] { read_npz_file(path); }); };
  const auto text = folder.write("text.npz", "no archive");
  CHECK(wrong(text) == text + ": error: this is no .npz file (Not a zip archive); write it with numpy.savez");
  CHECK(wrong(folder.path() + "/none.npz") ==
        folder.path() + "/none.npz: error: there is no such file; check the path");
  const auto path = folder.path() + "/a.npz";
  write_npz_file(path, kArrays);
  const auto whole = test::read_file(path);
  auto renamed = whole;
  for (auto at = renamed.find("bias.npy"); at != std::string::npos; at = renamed.find("bias.npy"))
    renamed.replace(at, 8, "bias.txt");
  CHECK(wrong(folder.write("b.npz", renamed)) ==
        folder.path() + "/b.npz: error: it has the entry \"c1/bias.txt\"; give arrays alone, NAME.npy");
  auto twice = whole;
  for (auto at = twice.find("/weight"); at != std::string::npos; at = twice.find("/weight"))
    twice.replace(at, 7, "/wEight");
  CHECK(wrong(folder.write("c.npz", twice)).empty());
  auto damaged = whole;
  damaged[whole.find("NUMPY") + 125] ^= 1;  // behind the header: a number
  CHECK_THAT(wrong(folder.write("d.npz", damaged)), Catch::Contains(": error: it is damaged (CRC error)"));
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    CAPTURE(size);
    CHECK_FALSE(wrong(folder.write("cut.npz", whole.substr(0, size))).empty());
  }
}
