// Writes many.txt: for each line of many.cases.txt, which has a chain and its parameters, that line and a line with the tokens that llama.cpp's samplers
// choose of a vocabulary of 5,000 by computed logits. Link with libllama:
//   g++ -O2 -I LLAMA/include -I LLAMA/ggml/include many.cpp -L LLAMA/build/bin -lllama -o many && ./many < many.cases.txt > many.txt
#include "llama.h"
#include <cstdint>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

static const int vocabulary = 5000, steps = 40;

// A cube, so that few tokens are likely.
static float logit(uint64_t step, uint64_t token) {
    uint64_t z = (step * vocabulary + token + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    float u = (float)((z ^ (z >> 31)) >> 40) / 16777216.0f;
    return 16.0f * u * u * u;
}

int main() {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::map<std::string, float> value = {{"seed", 1}, {"top_k", 40}, {"top_p", 0.95f}, {"min_p", 0.05f}, {"typ_p", 1}, {"sigma", -1}, {"xtc", 0},
            {"threshold", 0.1f}, {"keep", 0}, {"temp", 0.8f}, {"range", 0}, {"exponent", 1}, {"repeat", 1}, {"frequency", 0}, {"presence", 0},
            {"last", 64}, {"dry", 0}, {"base", 1.75f}, {"length", 2}, {"mirostat", 0}, {"tau", 5}, {"eta", 0.1f}, {"target", -1}, {"decay", 0.9f}};
        std::istringstream words(line);
        std::string letters, word;
        words >> letters;
        while (words >> word) value[word.substr(0, word.find('='))] = std::stof(word.substr(word.find('=') + 1));
        auto & v = value;
        uint32_t seed = v["seed"];
        size_t keep = v["keep"];
        llama_sampler * chain = llama_sampler_chain_init(llama_sampler_chain_default_params());
        bool adaptive = false;
        for (char letter : letters) {
            llama_sampler * s = nullptr;
            switch (letter) {
                case 'e': s = llama_sampler_init_penalties(vocabulary, v["last"], v["repeat"], v["frequency"], v["presence"]); break;
                case 'd': s = llama_sampler_init_dry(nullptr, v["dry"], v["base"], v["length"], v["last"], nullptr, 0); break;
                case 's': s = llama_sampler_init_top_n_sigma(v["sigma"]); break;
                case 'k': s = llama_sampler_init_top_k(v["top_k"]); break;
                case 'y': s = llama_sampler_init_typical(v["typ_p"], keep); break;
                case 'p': s = llama_sampler_init_top_p(v["top_p"], keep); break;
                case 'm': s = llama_sampler_init_min_p(v["min_p"], keep); break;
                case 'x': s = llama_sampler_init_xtc(v["xtc"], v["threshold"], keep, seed); break;
                case 't': s = llama_sampler_init_temp_ext(v["temp"], v["range"], v["exponent"]); break;
                case 'a': adaptive = true; break;
            }
            if (s) llama_sampler_chain_add(chain, s);
        }
        int mirostat = v["mirostat"];
        if (mirostat) llama_sampler_chain_add(chain, llama_sampler_init_temp(v["temp"]));
        llama_sampler_chain_add(chain,
            mirostat == 1 ? llama_sampler_init_mirostat(vocabulary, seed, v["tau"], v["eta"], 100)
            : mirostat == 2 ? llama_sampler_init_mirostat_v2(seed, v["tau"], v["eta"])
            : adaptive ? llama_sampler_init_adaptive_p(v["target"], v["decay"], seed)
            : llama_sampler_init_dist(seed));
        std::cout << line << "\n";
        for (int step = 0; step < steps; step++) {
            std::vector<llama_token_data> data(vocabulary);
            // The logits come again after seven steps, so that tokens do.
            for (int token = 0; token < vocabulary; token++) data[token] = {token, logit(step % 7, token), 0};
            llama_token_data_array array = {data.data(), data.size(), -1, false};
            llama_sampler_apply(chain, &array);
            int token = array.data[array.selected].id;
            llama_sampler_accept(chain, token);
            std::cout << (step ? " " : "") << token;
        }
        std::cout << "\n";
        llama_sampler_free(chain);
    }
}
