#include "base/gzip.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/random.hpp"

using namespace eyrie;

namespace {

std::string random_bytes(std::size_t size, std::int64_t most, std::uint64_t seed) {
  Random random{seed, "bytes"};
  std::string all(size, '\0');
  for (auto& c : all) c = static_cast<char>(random.between(0, most));
  return all;
}

}  // namespace

TEST_CASE("what was compressed comes back: nothing, text, zeros, noise", "[unit][base]") {
  for (const auto& text : {std::string(), std::string("a"), std::string("words\nand \xC3\xA4"),
                           std::string(3'000'000, '\0'), random_bytes(200'000, 255, 1), random_bytes(500'000, 3, 2)}) {
    const auto file = gzipped(text);
    CAPTURE(text.size(), file.size());
    CHECK((gunzipped(file) == text));
    CHECK((gzipped(text) == file));
  }
  CHECK(gzipped(std::string(3'000'000, 'a')).size() < 10'000);
}

TEST_CASE("a compressed file has RFC 1952's head, without a time or a system", "[unit][base]") {
  const auto file = gzipped("abc");
  REQUIRE(file.size() >= 18);
  CHECK(file.substr(0, 4) == std::string("\x1F\x8B\x08\x00", 4));
  CHECK(file.substr(4, 4) == std::string(4, '\0'));
  CHECK(file[9] == '\xFF');
  const auto* bytes = reinterpret_cast<const unsigned char*>(file.data()) + file.size() - 8;
  const auto number = [](const unsigned char* b) { return b[0] | b[1] << 8 | b[2] << 16 | std::uint32_t{b[3]} << 24; };
  CHECK(number(bytes) == ::crc32(0, reinterpret_cast<const Bytef*>("abc"), 3));
  CHECK(number(bytes + 4) == 3);
}

TEST_CASE("a file that was cut or changed is an error, never other bytes", "[unit][base]") {
  const auto text = random_bytes(2'000, 15, 3);
  const auto file = gzipped(text);
  for (std::size_t size = 0; size < file.size(); ++size)
    if (size < 30 || size % 7 == 0 || size + 10 > file.size()) {
      CAPTURE(size);
      CHECK_THROWS_AS(gunzipped(file.substr(0, size)), std::runtime_error);
    }
  CHECK_THROWS_AS(gunzipped("no gzip file at all"), std::runtime_error);
  int refused = 0;
  for (std::size_t at = 0; at < file.size(); ++at) {
    auto other = file;
    other[at] = static_cast<char>(other[at] ^ 0x10);
    try {
      const auto back = gunzipped(other);  // a change in the head that means nothing
      CHECK((back == text));
    } catch (const std::runtime_error&) {
      ++refused;
    }
  }
  CHECK(refused > static_cast<int>(file.size()) - 10);
}

TEST_CASE("base64 has RFC 4648's test vectors", "[unit][base]") {
  CHECK(to_base64("").empty());
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foo") == "Zm9v");
  CHECK(to_base64("foob") == "Zm9vYg==");
  CHECK(to_base64("fooba") == "Zm9vYmE=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(to_base64("\xFF\xFE\xFD") == "//79");
}

// Examples of the standard (csrc.nist.gov, "Cryptographic Standards and Guidelines: Examples with Intermediate
// Values").
TEST_CASE("digests are SHA-256 as FIPS 180-4 has it", "[unit][base]") {
  CHECK(digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(digest_of(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(digest_of(std::string("a\0b", 3)) != digest_of("a"));
}
