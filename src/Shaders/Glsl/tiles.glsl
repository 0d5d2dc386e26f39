// What products of many rows of x have in common: the rows of x and of a matrix that a workgroup takes. Included after products.glsl, and after the sizes of
// a tile of the result: OUTPUTS rows of a matrix, or of each of two if KIND is 1, and TILE_TOKENS rows of x.

// Rows of x from first to end; of KIND 3 they are places in the sorted uses.
struct Tokens {
    uint first;
    uint end;
    uint expert;
    uint head;
};

uint item_of(Tokens tokens, uint place) { return KIND == EXPERTS ? Uints(routeUses).at[place] : place; }

// The row of x, or the use, that a row of the tile is; the last one for those beyond it.
uint item_at(Tokens tokens, uint row) { return item_of(tokens, min(tokens.first + row, tokens.end - 1)); }

// Where a row of the tile's weights begins: the matrix's last one for those beyond it.
uint64_t weights_at(Matrix matrix, Tokens tokens, uint firstRow, uint r) {
    const uint row = min(firstRow + r % OUTPUTS, matrix.rows - 1);
    return r < OUTPUTS ? weights_of(matrix, tokens.expert, row) : weights_of(second, tokens.expert, row);
}

// Eight weights of a row; zeros beyond its end.
void weights8(uint64_t row, uint element, out float values[8]) {
    if (element + 8 <= width) {
        decode8(row, element, values);
        return;
    }

    [[unroll]] for (uint j = 0; j < 8; j++) values[j] = 0;
    if (BLOCK > 1) return;
    [[unroll]] for (uint j = 0; j < 8; j++) {
        if (element + j < width) values[j] = decode1(row, element + j);
    }
}

// The tile of a group of rows of the matrices; the shader's own.
void compute(uint group, Tokens tokens);

// All tiles of the workgroup.
void compute_tiles() {
    const uint groups = group_count(OUTPUTS), depth = KIND == HEADS ? heads : 1;
    const uint tiles = KIND == EXPERTS ? Uints(routeTiles).at[0] : (rows + TILE_TOKENS - 1) / TILE_TOKENS;
    for (uint head = gl_WorkGroupID.z; head < depth; head += gl_NumWorkGroups.z) {
        for (uint group = gl_WorkGroupID.y; group < groups; group += gl_NumWorkGroups.y) {
            for (uint tile = gl_WorkGroupID.x; tile < tiles; tile += gl_NumWorkGroups.x) {
                Tokens tokens = Tokens(tile * TILE_TOKENS, min(rows, (tile + 1) * TILE_TOKENS), head, head);
                if (KIND == EXPERTS) {
                    Uints entry = Uints(routeTiles + 4 + 12ul * tile);
                    tokens = Tokens(entry.at[0], entry.at[1], entry.at[2], 0);
                }

                compute(group, tokens);
            }
        }
    }
}
