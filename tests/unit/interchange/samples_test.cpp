#include <catch2/catch.hpp>

#include <cmath>

#include "interchange/npz.hpp"
#include "interchange/samples.hpp"
#include "interchange/samples_layout.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

NetworkInput input(std::int64_t channels, std::int64_t rows, std::int64_t columns, std::int64_t steps = 1) {
  return {.name = "data", .channels = channels, .rows = rows, .columns = columns, .steps = steps, .where = {}};
}

/// 0, 1, 2, ... as pixels.
std::vector<std::uint8_t> counting(std::size_t n) {
  std::vector<std::uint8_t> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = static_cast<std::uint8_t>(i);
  return all;
}

Samples of_array(const NumpyArray& a, const NetworkInput& in, const Pixels& pixels = {}) {
  const test::Folder folder;
  return read_samples(folder.write("a.npy", npy_bytes(a)), in, pixels);
}

/// The message behind the place.
template <class Act>
std::string wrong(Act act) {
  const auto text = test::errors_of(act);
  return text.empty() ? text : text.substr(text.find(": error: ") + 9);
}

std::string layout(const std::vector<std::int64_t>& shape, const NetworkInput& in) {
  SampleLayout l;
  const auto text = wrong([&] { l = sample_layout(shape, in, "a"); });
  if (!text.empty()) return text;
  return std::to_string(l.samples) + (l.channels_last ? " last" : " first");
}

}  // namespace

TEST_CASE("the input's shape says which index of an array is which", "[unit][interchange]") {
  const auto colours = input(3, 4, 5), grey = input(1, 4, 5), flat = input(10, 1, 1), words = input(7, 1, 1, 6);
  CHECK(layout({2, 3, 4, 5}, colours) == "2 first");
  CHECK(layout({2, 4, 5, 3}, colours) == "2 last");
  CHECK(layout({3, 4, 5}, colours) == "1 first");
  CHECK(layout({4, 5, 3}, colours) == "1 last");
  CHECK(layout({4, 5}, grey) == "1 first");
  CHECK(layout({9, 4, 5}, grey) == "9 first");
  CHECK(layout({9, 4, 5, 1}, grey) == "9 last");
  CHECK(layout({1, 4, 5}, grey) == "1 first");
  CHECK(layout({10}, flat) == "1 first");
  CHECK(layout({10, 10}, flat) == "10 first");
  CHECK(layout({6, 7}, words) == "1 first");
  CHECK(layout({3, 6, 7}, words) == "3 first");
  CHECK(layout({3, 6, 1, 1, 7}, words) == "3 last");
  CHECK(layout({28, 28}, input(28, 1, 1, 28)) == "1 first");
}

TEST_CASE("a shape that fits in two ways, or in none, is an error", "[unit][interchange]") {
  CHECK(layout({3, 3, 3}, input(3, 3, 3)) ==
        "the array is 3 x 3 x 3, and the input data reads 3 x 3 x 3 (channels, rows, columns): channels may come first "
        "or "
        "last; give channels first, with n before them");
  CHECK(layout({2, 3, 3, 3}, input(3, 3, 3)).ends_with("with n before them"));
  CHECK(
      layout({28, 28}, input(1, 32, 32)) ==
      "the array is 28 x 28, and the input data reads 1 x 32 x 32 (channels, rows, columns); give (n, c, h, w), (c, h, "
      "w), (h, w) or (n, h, w, c)");
  CHECK(layout({5, 4}, input(1, 4, 5)).starts_with("the array is 5 x 4, and"));
  CHECK(layout({0, 4, 5}, input(1, 4, 5)) == "there is no sample in the array; give at least one");
}

TEST_CASE("channels behind columns come before rows", "[unit][interchange]") {
  const auto last = of_array({{2, 1, 2, 3}, counting(12)}, input(3, 1, 2));
  CHECK(last.count() == 2);
  CHECK(last.data.shape() == Shape{2, 3, 1, 2});
  CHECK(last.data.data() == std::vector<float>{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11});
  CHECK(last.names == std::vector<std::string>{"a.npy[0]", "a.npy[1]"});
  CHECK(last.labels.empty());
  const auto first = of_array({{2, 3, 1, 2}, counting(12)}, input(3, 1, 2));
  CHECK(first.data.data() == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(first.part(1, 1).data() == std::vector<float>{6, 7, 8, 9, 10, 11});
}

TEST_CASE("whole numbers are pixels, real ones what the network reads", "[unit][interchange]") {
  const Pixels pixels{.divide = 255, .mean = {0.5, 0.25}, .deviation = {0.5}};
  const auto whole = of_array({{2, 1, 2}, std::vector<std::uint8_t>{0, 255, 51, 255}}, input(2, 1, 2), pixels);
  CHECK(whole.data.data() == std::vector<float>{-1, 1, static_cast<float>((0.2 - 0.25) / 0.5), 1.5F});
  const auto real = of_array({{2, 1, 2}, std::vector<double>{-3, 0.1, 400, 0}}, input(2, 1, 2), pixels);
  CHECK(real.data.data() == std::vector<float>{-3, 0.1F, 400, 0});
  CHECK(
      wrong([&] {
        of_array({{1}, std::vector<std::int16_t>{256}}, input(1, 1, 1));
      }) ==
      "the whole number 256 is no pixel; whole numbers are pixels of 0 to 255; give what the network reads as float32");
  CHECK(wrong([&] {
          of_array({{1}, std::vector<std::int8_t>{-1}}, input(1, 1, 1));
        }).starts_with("the whole number -1"));
  CHECK(wrong([&] {
          of_array({{1}, std::vector<float>{NAN}}, input(1, 1, 1));
        }) == "some of its numbers are none, or infinite; give finite ones");
}

TEST_CASE("pixels are taken to be 0 to 1 where the input's code ends there", "[unit][interchange]") {
  CHECK(assumed_pixels({.scale = 1.0 / 255, .zero_point = -128}) == Pixels{.divide = 255});
  CHECK(assumed_pixels({.scale = 1.0 / 128, .zero_point = 0}) == Pixels{.divide = 255});
  CHECK(assumed_pixels({.scale = 1, .zero_point = -128}) == Pixels{});
  CHECK(assumed_pixels({.scale = 1.0 / 128, .zero_point = 0, .least = 0, .most = 255}) == Pixels{});
}

TEST_CASE("an archive brings samples and their labels", "[unit][interchange]") {
  const test::Folder folder;
  const auto path = folder.path() + "/a.npz";
  const NumpyArray two{{2, 1, 2}, counting(4)}, labels{{2}, std::vector<std::int64_t>{7, 0}};
  const auto read = [&](const NumpyArrays& arrays) {
    write_npz_file(path, arrays);
    return read_samples(path, input(1, 1, 2), {});
  };
  CHECK(read({{"images", two}, {"labels", labels}}).labels == std::vector<std::int64_t>{7, 0});
  CHECK(read({{"x", two}, {"y", labels}}).data.data() == std::vector<float>{0, 1, 2, 3});
  CHECK(read({{"data", two}, {"x", labels}}).count() == 2);  // called as the input
  CHECK(wrong([&] {
          read({{"pictures", two}, {"y", labels}});
        }) == "it has no samples of the input data; its arrays are pictures, y; call one data, images or x");
  CHECK(wrong([&] { read({{"images", two}, {"x", two}}); }) == "it has x as well as images; keep one");
  CHECK(wrong([&] {
          read({{"x", two}, {"y", {{1}, std::vector<std::int8_t>{1}}}});
        }) == "there are 2 samples and 1 labels; give one each");
  CHECK(wrong([&] {
          read({{"x", two}, {"y", {{2}, std::vector<float>{1, 2}}}});
        }) == "labels are 2 of f4; give a list of whole numbers, one a sample");
  CHECK(wrong([&] {
          read({{"x", two}, {"y", {{2}, std::vector<std::int8_t>{1, -1}}}});
        }) == "the label -1 is below 0; count classes from 0");
}

TEST_CASE("raw bytes are rows, columns, channels", "[unit][interchange]") {
  const test::Folder folder;
  const auto path = folder.write("a.bin", "abcdefABCDEF");
  const auto read = read_samples(path, input(3, 1, 2), {});
  CHECK(read.count() == 2);
  CHECK(read.data.data() == std::vector<float>{'a', 'd', 'b', 'e', 'c', 'f', 'A', 'D', 'B', 'E', 'C', 'F'});
  CHECK(
      wrong([&] { read_samples(path, input(1, 1, 5), {}); }) ==
      "it has 12 bytes, and a sample of the input data is 5 of 1 x 1 x 5 (channels, rows, columns); give one sample or "
      "several, a byte a number");
  // Of a network of 8-bit words they are raw numbers: 'a' is 97, and 200 is -56 where the code has a sign.
  const TensorCode code{.scale = 0.5, .zero_point = -128, .least = -128, .most = 127};
  const auto raw = read_samples(folder.write("r.bin", "a\xc8"), input(1, 1, 2), {}, code);
  CHECK(raw.data.data() == std::vector<float>{0.5F * (97 + 128), 0.5F * (-56 + 128)});
  const TensorCode unsigned_code{.scale = 1, .zero_point = 0, .least = 0, .most = 255};
  CHECK(read_samples(folder.write("u.bin", "a\xc8"), input(1, 1, 2), {}, unsigned_code).data.data() ==
        std::vector<float>{97, 200});
  CHECK_FALSE(wrong([&] { read_samples(folder.write("b.bin", ""), input(1, 1, 5), {}); }).empty());
}

TEST_CASE("an image of a sequence has a time step a row", "[unit][interchange]") {
  const auto path = test::source("tests/data/images/grey.png");
  const auto steps = read_samples(path, input(3, 1, 1, 2), {.divide = 1, .mean = {}, .deviation = {}});
  CHECK(steps.count() == 1);
  CHECK(steps.data.shape() == Shape{2, 3, 1, 1});
  CHECK(steps.data.data() == std::vector<float>{0, 1, 2, 127, 128, 255});
  CHECK(steps.part(0, 1).shape() == Shape{2, 3, 1, 1});
  CHECK(read_samples(path, input(1, 2, 3), {}).data.data() == steps.data.data());
  CHECK(read_samples(path, input(3, 2, 3), {}).data.shape() == Shape{1, 3, 2, 3});
  CHECK(wrong([&] { read_samples(path, input(1, 2, 3, 4), {}); }) ==
        "an image is one time step, and the input data reads 4 x 1 x 2 x 3 (steps, channels, rows, columns); give an "
        ".npy "
        "file");
}

TEST_CASE("a folder's images come in the order of their names, labels from labels.txt alone", "[unit][interchange]") {
  const test::Folder folder;
  folder.write("class_9.pgm", "P5 1 1 255\nb");
  folder.write("1.pgm", "P5 1 1 255\na");
  folder.write("README.md", "text");
  const auto read = [&] { return read_samples(folder.path(), input(1, 1, 1), {}); };
  CHECK(read().names == std::vector<std::string>{"1.pgm", "class_9.pgm"});
  CHECK(read().data.data() == std::vector<float>{'a', 'b'});
  CHECK(read().labels.empty());
  folder.write("labels.txt", "class_9.pgm 4\r\n\n1.pgm\t 5 \n");
  CHECK(read().labels == std::vector<std::int64_t>{5, 4});
  folder.write("labels.txt", "1.pgm 5\n");
  CHECK(wrong(read) == "class_9.pgm has no label; write a line `FILE NUMBER` for each");
  folder.write("labels.txt", "2.pgm 5\n");
  CHECK(wrong(read) == "there is no sample called 2.pgm; name a file of the folder");
  folder.write("labels.txt", "1.pgm five\n");
  CHECK(wrong(read) == "\"1.pgm five\" is no label; write `FILE NUMBER`");
  folder.write("labels.txt", "1.pgm 5\n1.pgm 5\n");
  CHECK(wrong(read) == "1.pgm has two labels; give one");
  folder.write("notes.doc", "text");
  CHECK(wrong(read).starts_with("this is no image, and the folder is read for images"));
}

TEST_CASE("other files, and none, are refused", "[unit][interchange]") {
  const test::Folder folder;
  CHECK(wrong([&] { read_samples(folder.write("a.jpg", "text"), input(1, 1, 1), {}); }) ==
        "this is no kind of file that samples are read from; give an .npy, .npz, .png, .pgm, .ppm or .bin file, or a "
        "folder of images");
  CHECK(
      wrong([&] { read_samples(folder.path() + "/b.png", input(1, 1, 1), {}); }).starts_with("there is no such file"));
  const test::Folder empty;
  CHECK(wrong([&] { read_samples(empty.path(), input(1, 1, 1), {}); }) ==
        "there is no image in the folder; give .png, .pgm, .ppm or .bin files");
}
